"""What an intent is: how it is asked, which tools answer it, how the answer is worded."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.planner.request import Request

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call that the planner wants. Arguments that are None are left out."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.arguments.items() if value is not None}


@dataclass(frozen=True)
class Seen:
    """What the tools of this turn have returned, by name, in order."""

    results: Sequence[tuple[str, Mapping[str, Any], Data]] = ()

    def all(self, tool: str) -> list[Data]:
        """Results of a tool that are no errors."""
        return [data for name, _, data in self.results if name == tool and "error" not in data]

    def one(self, tool: str) -> Data | None:
        return next(iter(self.all(tool)), None)

    def called(self, tool: str) -> bool:
        return any(name == tool for name, _, _ in self.results)

    @property
    def errors(self) -> list[str]:
        return list(dict.fromkeys(str(data["error"]) for _, _, data in self.results if "error" in data))


@dataclass(frozen=True, slots=True)
class Intent:
    """`cues`: patterns with their weight. `plan` is asked again after each result until it wants no more."""

    name: str
    title: str  # after "I can tell you …"
    examples: tuple[str, ...]
    cues: tuple[tuple[str, float], ...]
    plan: Callable[[Request, Seen], list[Call]]
    word: Callable[[Request, Seen], str]
    agent: str | None = None  # which specialist has the tools
    place: float = 0.0  # added where a machine or line is named

    def score(self, text: str) -> float:
        return sum(weight for pattern, weight in self.cues if re.search(pattern, text))

    def fits(self, request: Request) -> float:
        return self.score(request.text) + (self.place if request.equipment else 0.0)
