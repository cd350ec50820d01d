"""Numbers as a request may give them: what the store could not take is refused at the door."""

from typing import Annotated

from fastapi import Path, Query

HIGHEST_ID = 2**63 - 1
"""What a `bigint` of the store can hold."""
RowId = Annotated[int, Path(ge=1, le=HIGHEST_ID)]
"""The number of a row, in an address."""
Limit = Annotated[int, Query(ge=1, le=1000)]
"""How many rows at most."""
