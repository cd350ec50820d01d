"""Who asks: a person who signed in, a key, or the plant's own worker."""

from dataclasses import dataclass
from typing import Literal

from mom.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Caller:
    """`user_id` is None for the plant's own worker (triage, reports). `site_id` is the plant it may see.

    `through`: how a person's word came in; a key is no person's word, whoever it was made for.
    """

    site_id: int
    user_id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    through: Literal["", "session", "key", "terminal"] = ""

    @property
    def actor(self) -> str:
        """As events and the audit name it."""
        return f"user:{self.user_id}" if self.user_id is not None else f"system:{self.name}"

    def need(self, *roles: str) -> str:
        """The first of `roles` that the caller has; admin has all. NotAllowed when there is none."""
        for role in roles:
            if role in self.roles or "admin" in self.roles:
                return role
        raise NotAllowed(f"{self.name} may not do this: it takes the role {' or '.join(roles)}.")
