"""Which lines a shift report is of, and which it is not of."""

from collections.abc import Collection, Sequence

from mom.store.plants import Layout


def lines_of(layout: Layout) -> list[str]:
    """The lines of a site; what lines feed (a shared palletiser) is no line of its own here."""
    fed = set(layout.feeds.values())
    return [m.path for m in layout.machines.values() if m.level == "work_center" and m.path not in fed]


def other_lines(layout: Layout, lines: Collection[str]) -> list[str]:
    """The site's lines but these. Areas are none: what stands there (compressed air, cooling) works for every line."""
    return [line for line in lines_of(layout) if line not in lines]


def fed_by(layout: Layout, lines: Sequence[str]) -> dict[str, list[str]]:
    """What these lines feed, each with those of them that feed it."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line in layout.feeds:
            found.setdefault(layout.feeds[line], []).append(line)
    return found
