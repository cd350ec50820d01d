"""Who works here: four crews, technicians, the laboratory; and who may run what."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Worker:
    key: str
    name: str
    trade: str
    crew: str | None = None


_CREWS = {
    "A": ("E. Brandl", "J. Horvath", "L. Meier", "T. Okafor", "R. Pichler"),
    "B": ("M. Steiner", "A. Demir", "G. Wagner", "I. Popescu", "F. Leitner"),
    "C": ("K. Eder", "D. Jovanovic", "N. Schmid", "B. Fuchs", "O. Haas"),
    "D": ("S. Winkler", "P. Nagy", "C. Moser", "Y. Arslan", "V. Reiter"),
}
_ROLES = ("shift lead", "operator", "operator", "operator", "operator")
_STAFF = (
    ("P-501", "H. Gruber", "mechanic"),
    ("P-502", "M. Novak", "mechanic"),
    ("P-503", "S. Yilmaz", "mechanic"),
    ("P-504", "P. Lindner", "electrician"),
    ("P-505", "A. Kovacs", "electrician"),
    ("P-601", "U. Berger", "laboratory"),
    ("P-602", "W. Tran", "laboratory"),
    ("P-701", "R. Hofer", "planner"),
)
WORKERS: tuple[Worker, ...] = (
    *(
        Worker(f"P-{100 * (1 + 'ABCD'.index(crew)) + i + 1}", name, _ROLES[i], crew)
        for crew, names in _CREWS.items()
        for i, name in enumerate(names)
    ),
    *(Worker(key, name, trade) for key, name, trade in _STAFF),
)
POSTS = ("filler", "capper", "labeller", "packer")
"""Operators of line 1 are the second and third of a crew, of line 2 the fourth and fifth."""
UNTRAINED = ("B. Fuchs", "line-2/labeller")
_UNLIMITED = None


@dataclass(frozen=True)
class Permit:
    """What a person may run, and until when."""

    key: str
    person: str
    skill: str
    machine: str | None
    expires: date | None


def permits() -> list[Permit]:
    """Every qualification; one is missing."""
    found: list[Permit] = []
    for worker in WORKERS:
        place = _CREWS[worker.crew].index(worker.name) if worker.crew else -1
        if place > 0:
            line = "line-1" if place < 3 else "line-2"
            machines = [f"{line}/{post}" for post in POSTS if (worker.name, f"{line}/{post}") != UNTRAINED]
            found += [Permit("", worker.name, "operate", machine, _UNLIMITED) for machine in machines]
        elif worker.trade in ("mechanic", "electrician"):
            found.append(Permit("", worker.name, worker.trade, _UNLIMITED, date(2027, 6, 30)))
    return [Permit(f"Q-{i + 1:04d}", p.person, p.skill, p.machine, p.expires) for i, p in enumerate(found)]


def lead_of(crew: str) -> str:
    return _CREWS[crew][0] if crew in _CREWS else "shift lead"


def operator_of(crew: str, line: str) -> str:
    """Who stands at `line` in `crew`: the one at the labeller and packer."""
    names = _CREWS.get(crew)
    return names[3 if line == "line-2" else 1] if names else "operator"
