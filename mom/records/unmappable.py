"""Why one record cannot be taken in: it waits with this, the others go on."""

from mom.errors import BadInput


class Unmappable(BadInput):
    """`field`: what it should have filled or the column that is wrong; `reason`: value and what was expected."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
