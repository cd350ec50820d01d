"""What a suite of `./lineside eval` is: a name, what it shows, and a coroutine that scores it."""

import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from mom.discover import discover
from mom.errors import BadInput
from mom.settings import Settings

SIGNS = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for. `short`: the form that runs with the tests.

    `seed`, `plants`: the first of the seeds of drawn plants, and how many; None: the suite's own, on which nothing was built.
    """

    settings: Settings
    folder: Path  # empty, for databases and spools; gone afterwards
    tell: Callable[[str], None]  # progress, for people
    data: Path | None = None
    row: str | None = None
    seed: int | None = None
    plants: int | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """`scores`: name -> figure; `intervals`: name -> (low, high), 95 %, where a score is an estimate.

    `table`: rows to read, all with the same keys. `aims`: name -> what the score has to reach: "≥ 0.95", "= 1", "0.86 to 0.94".
    """

    suite: str
    cases: int
    passed: int
    scores: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    aims: Mapping[str, str] = field(default_factory=dict)
    table: Sequence[Mapping[str, Any]] = ()
    failures: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()

    def reaches(self, name: str) -> bool:
        """Whether a score reaches its aim; one without an aim does, one that could not be reckoned does not."""
        aim, score = self.aims.get(name, ""), self.scores.get(name)
        if score is None:
            return False
        if " to " in aim:
            low, high = (float(bound) for bound in aim.split(" to "))
            return low <= score <= high
        return not aim or bool(SIGNS[aim[0]](score, float(aim[1:])))

    @property
    def right(self) -> bool:
        """Every aim is reached; a suite without aims has no failure."""
        return all(self.reaches(name) for name in self.aims) if self.aims else not self.failures

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Suite:
    """One file of `evals/suites/`. `needs_data`: what `--data` has to be, in words; empty: it needs none."""

    name: str  # as typed: cnc-lathe
    says: str
    run: Callable[[Asked], Awaitable[Result]]
    needs_data: str = ""
    data_default: str = ""  # the folder below LINESIDE_DATA that is taken when none is given
    takes_row: bool = False  # one case may be asked for by its name


def suites() -> dict[str, Suite]:
    import evals.suites

    return discover(evals.suites, Suite)


def checked(suite: Suite, asked: Asked) -> Asked:
    """With the suite's own folder of data where none was given. Raises BadInput when there is none, and of what the suite
    has no use for: what is asked for in vain was meant otherwise."""
    if asked.row is not None and not suite.takes_row:
        raise BadInput(
            f"{asked.row}: suite {suite.name} has no cases by name.", remedy="Leave the name away: all are run."
        )
    if asked.plants is not None and asked.plants < 1:
        raise BadInput(f"--plants {asked.plants}: expected 1 or more.")
    if asked.plants is not None and suite.needs_data:
        raise BadInput(f"--plants: suite {suite.name} draws no plants.", remedy="Leave --plants away.")
    if not suite.needs_data:
        if asked.data:
            raise BadInput(f"--data {asked.data}: suite {suite.name} draws its own.", remedy="Leave --data away.")
        return asked
    data = asked.data or asked.settings.data / suite.data_default
    if not data.is_dir():
        fault = "is no folder" if data.exists() else "there is no such folder"
        raise BadInput(f"--data {data}: {fault}.", remedy=f"Suite {suite.name} needs {suite.needs_data}.")
    return replace(asked, data=data)
