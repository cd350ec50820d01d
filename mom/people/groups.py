"""Which groups of people may be shown: large enough, and none to be had as the difference of what is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """`groups`: that may be shown, in the order given. `withheld`: name -> why, in words."""

    groups: tuple[str, ...]
    withheld: Mapping[str, str]


def shown_groups(members: Mapping[str, Collection[str]], least: int, held: Mapping[str, str] | None = None) -> Shown:
    """Groups of at least `least` people, of which no difference leaves fewer.

    The figure of all is known anyway. So what is withheld must be at least `least` people together, else it follows
    from the rest: then the smallest shown group is withheld too. Of two groups, one within the other, the inner one is
    withheld where fewer than `least` people lie between. `held`: withheld for another reason, name -> why.
    """
    people = {name: frozenset(some) for name, some in members.items()}
    withheld = {
        name: f"group {name} has {_count(len(some))}, and groups of fewer than {least} are not shown"
        for name, some in people.items()
        if len(some) < least
    }
    withheld = {**(held or {}), **withheld}
    for name in sorted(people, key=lambda n: (len(people[n]), n)):
        if name not in withheld and any(
            _tells(people[other], people[name], least) for other in people if other not in withheld
        ):
            withheld[name] = f"group {name} beside a larger one that holds it would tell of fewer than {least} people"
    everybody = frozenset[str]().union(*people.values())
    while len(withheld) < len(people):
        rest = everybody - frozenset[str]().union(*(some for name, some in people.items() if name not in withheld))
        if not rest or len(rest) >= least:
            break
        smallest = min((n for n in people if n not in withheld), key=lambda n: (len(people[n]), n))
        withheld[smallest] = (
            f"group {smallest} is left out too: from it and the figure of all, that of fewer than {least} people would follow"
        )
    return Shown(tuple(name for name in people if name not in withheld), withheld)


def _tells(larger: frozenset[str], smaller: frozenset[str], least: int) -> bool:
    """Whether the difference of a group and one within it is too few people."""
    return smaller < larger and len(larger - smaller) < least


def _count(number: int) -> str:
    return "one person" if number == 1 else "nobody on record" if number == 0 else f"{number} people"
