"""Learns what signs are worth (mom/causes/weights.yaml) from plants whose troubles are known: `python -m evals.causes.weighing`.

A conditional logit by maximum likelihood with a ridge penalty: one weight a sign, shared by all kinds, and a smaller one
beside it for each kind, so that a kind that is seldom seen borrows from the others. Building seeds only (below 5,000).
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from mom.causes.cause import Candidate
from mom.causes.weigh import WEIGHTS, Weights

SHARED, OWN, KIND = 0.3, 1.0, 0.1
"""Penalties of a shared weight, of a kind's own beside it, and of a kind's points."""
SMALL = 0.05
HEAD = """\
# What signs are worth as evidence of a cause, in points (natural log of odds); see weigh.py.
# Learned by `python -m evals.causes.weighing` from drawn plants; remade when a kind of evidence changes.
"""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One explained loss: its candidates, and which of them are right (none: it cannot be known)."""

    group: str  # cases of one plant are left out together
    found: tuple[Candidate, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The columns: kinds, then shared signs, then a kind's own."""

    kinds: tuple[str, ...]
    signs: tuple[str, ...]
    own: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return len(self.kinds) + len(self.signs) + len(self.own)

    def penalty(self) -> Numbers:
        return np.array([KIND] * len(self.kinds) + [SHARED] * len(self.signs) + [OWN] * len(self.own))

    def row(self, candidate: Candidate) -> Numbers:
        told = np.zeros(self.size)
        told[self.kinds.index(candidate.kind)] = 1.0
        for sign, strength in candidate.signs.items():
            told[len(self.kinds) + self.signs.index(sign)] = strength
            told[len(self.kinds) + len(self.signs) + self.own.index((candidate.kind, sign))] = strength
        return told


def learned(cases: Sequence[Case], sufficient: float) -> Weights:
    """The weights that make the cases likeliest. Raises ValueError where there is no candidate at all."""
    from scipy.optimize import minimize

    names = named(cases)
    rows = [(np.array([names.row(c) for c in case.found]), np.array(case.right, bool)) for case in cases if case.found]
    penalty = names.penalty()

    def cost(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = 0.5 * float(penalty @ weights**2), penalty * weights
        for table, right in rows:
            part, turn = _unlikelihood(table, right, weights)
            total, slope = total + part, slope + turn
        return total, slope

    found = minimize(cost, np.zeros(names.size), jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    return _weights(names, found.x, sufficient)


def _unlikelihood(table: Numbers, right: NDArray[np.bool_], weights: Numbers) -> tuple[float, Numbers]:
    """Minus the log of the probability of what is right (any of it; none of these where nothing is), and its slope."""
    points = np.append(table @ weights, 0.0)
    parts = np.exp(points - points.max())
    share = parts / parts.sum()
    wanted = np.append(right, not right.any())
    told = float(share[wanted].sum())
    among = np.where(wanted, share, 0.0) / max(told, 1e-300)
    return -float(np.log(max(told, 1e-300))), table.T @ (share - among)[:-1]


def named(cases: Sequence[Case]) -> Names:
    every = [c for case in cases for c in case.found]
    if not every:
        raise ValueError("no case has a candidate")
    kinds = tuple(sorted({c.kind for c in every}))
    signs = tuple(sorted({sign for c in every for sign in c.signs}))
    return Names(kinds, signs, tuple(sorted({(c.kind, sign) for c in every for sign in c.signs})))


def _weights(names: Names, found: Numbers, sufficient: float) -> Weights:
    kinds = {name: round(float(w), 2) for name, w in zip(names.kinds, found, strict=False)}
    shared, own = found[len(names.kinds) : len(names.kinds) + len(names.signs)], found[-len(names.own) :]
    signs = {name: round(float(w), 2) for name, w in zip(names.signs, shared, strict=True) if abs(w) >= SMALL}
    of_kind: dict[str, dict[str, float]] = {}
    for (kind, sign), weight in zip(names.own, own, strict=True):
        if abs(weight) >= SMALL:
            of_kind.setdefault(kind, {})[sign] = round(float(weight), 2)
    return Weights(sufficient, {"other": min(kinds.values()), **kinds}, signs, of_kind)


def as_yaml(weights: Weights) -> str:
    told: Mapping[str, Any] = {
        "sufficient": weights.sufficient,
        "kinds": dict(weights.kinds),
        "signs": dict(weights.signs),
        "of_kind": {kind: dict(own) for kind, own in weights.of_kind.items()},
    }
    return HEAD + yaml.safe_dump(told, sort_keys=False, width=120)


async def gathered(seeds: Sequence[int], demo_seeds: Iterable[int], folder: Path, kept: Path) -> list[Case]:
    """The cases of drawn plants of these seeds, and of demo plants. What lies in `kept` is not made again: a run that was
    ended goes on where it stopped; empty it when a kind of evidence changes."""
    from evals.causes.demo import demo_cases
    from evals.causes.explained import explained_in
    from mom.settings import read_settings

    settings = read_settings().model_copy(update={"home": folder / "home", "database_url": None})
    missing = [seed for seed in seeds if not _cases(kept, f"{seed}").exists()]
    async for plant in explained_in(settings, missing, folder, print):
        _keep(kept, f"{plant.seed}", [Case(str(one.seed), one.found, one.right) for one in plant.found])
    for seed in demo_seeds:
        if not _cases(kept, f"demo-{seed}").exists():
            home = settings.model_copy(update={"home": folder / f"demo-{seed}"})
            _keep(kept, f"demo-{seed}", await demo_cases(home, folder / f"spool-{seed}", seed))
    names = [*(f"{seed}" for seed in seeds), *(f"demo-{seed}" for seed in demo_seeds)]
    return [case for name in names for case in _read(kept, name)]


def _cases(kept: Path, name: str) -> Path:
    return kept / f"{name}.json"


def _keep(kept: Path, name: str, cases: list[Case]) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    told = [
        {"group": case.group, "found": [[c.kind, dict(c.signs)] for c in case.found], "right": case.right}
        for case in cases
    ]
    unfinished = _cases(kept, name).with_suffix(".part")
    unfinished.write_text(json.dumps(told), encoding="utf-8")
    unfinished.rename(_cases(kept, name))


def _read(kept: Path, name: str) -> list[Case]:
    """Kinds, signs and what is right: all that is learned from."""
    return [
        Case(
            one["group"],
            tuple(Candidate(kind, "", "", signs=signs) for kind, signs in one["found"]),
            tuple(one["right"]),
        )
        for one in json.loads(_cases(kept, name).read_text(encoding="utf-8"))
    ]


def _range(text: str) -> range:
    """`1000-1059` or one seed."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Learn mom/causes/weights.yaml from drawn plants (15 s a plant).")
    parser.add_argument(
        "--seeds", type=_range, nargs="+", default=[range(1000, 1041), range(2000, 2041)], metavar="A-B"
    )
    parser.add_argument("--demos", type=int, default=5, help="so many demo plants beside the drawn ones")
    parser.add_argument("--sufficient", type=float, default=0.9)
    parser.add_argument("--keep", type=Path, help="a folder for what was explained: a run that was ended goes on there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lineside-weighing-", ignore_cleanup_errors=True) as made_in:
        Path(made_in).chmod(0o711)
        plants, demos = [seed for some in asked.seeds for seed in some], range(101, 101 + asked.demos)
        cases = asyncio.run(gathered(plants, demos, Path(made_in), asked.keep or Path(made_in) / "cases"))
    made = learned(cases, asked.sufficient)
    WEIGHTS.write_text(as_yaml(made), encoding="utf-8")
    parser.exit(
        message=f"{WEIGHTS}: learned from {len(cases)} losses of {len(plants)} drawn and {len(demos)} demo plants\n"
    )
