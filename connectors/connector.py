"""What every connector is: a source's settings, and a stream of what it says."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from mom.errors import LinesideError
from mom.plant.schema import Tag


class Reading(NamedTuple):
    """One value of one tag. `at`: the source's time, aware; None: it told none. `status`: see mom/status.py."""

    tag: str
    at: datetime | None
    value: float | int | bool | str | None
    status: int = 0


class LinkLost(LinesideError):
    """The source does not answer, or answered wrongly: nothing it says counts until it is connected again."""

    status = 503


class LinkRefused(LinkLost):
    """The source answers and will not have us, or we will not have it: trying again at once is no use."""


class Connector(BaseModel, ABC):
    """Speaks one protocol. Its fields are the keys of its block in the plant file; `protocol` is its file's name.

    A new connector is one new file in this package with one subclass. It never retries, logs or stores: that is the
    collector's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    protocol: ClassVar[str]
    tags: tuple[Tag, ...]

    @classmethod
    def tag_faults(cls, tag: Tag) -> Iterator[tuple[str, str]]:
        """What is wrong with a tag, as (field, text); nothing by default."""
        yield from ()

    @property
    def grace_s(self) -> float:
        """A lost link that is back within so many seconds has missed nothing (a poll's period); 0: it always has."""
        return 0.0

    @property
    def notice(self) -> str:
        """Something that a person should know of a link that works; shown beside its state."""
        return ""

    @abstractmethod
    def readings(self) -> AsyncIterator[list[Reading]]:
        """Connect, then yield what was heard, in order, until the caller stops; an empty list: it answers, nothing new.

        Yields at least every few seconds while the source lives; when it does not, LinkLost (or OSError) within 15 s.
        """
