"""An expert's cause-effect graph of a machine, and the suspects that it leaves for the alarms of a trouble."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from mom.cycles.oddity import Oddity
from mom.cycles.suspects import TOLD_WITHIN_S, Suspect, Trouble, interleaved, no_reaction

FARTHEST = 4
"""So many steps before an alarm its cause is looked for."""


@dataclass(frozen=True, slots=True)
class CauseGraph:
    """`acts`: an edge from each signal to what it acts upon. `alarms`: never a cause themselves."""

    acts: nx.DiGraph
    alarms: frozenset[str]

    def steps_before(self, alarm: str) -> Iterator[list[str]]:
        """The signals that act upon the alarm: directly, then by one between, and so on. Alarms are passed over."""
        if alarm not in self.acts:
            return
        steps = nx.single_source_shortest_path_length(self.acts.reverse(copy=False), alarm, cutoff=FARTHEST)
        for far in range(1, FARTHEST + 1):
            found = sorted(name for name, length in steps.items() if length == far and name not in self.alarms)
            if found:
                yield found


def cause_graph(edges: Iterable[tuple[str, str]], alarms: Iterable[str] = ()) -> CauseGraph:
    """From pairs (cause, effect)."""
    return CauseGraph(nx.DiGraph(list(edges)), frozenset(alarms))


def graph_suspects(graph: CauseGraph, found: Trouble) -> list[Suspect]:
    """The likeliest first: of each alarm in turn the nearest signals that act upon it and were odd by then.

    Behind them come those that act directly upon an alarm and were not odd: only the graph speaks for them.
    """
    odd = _oddest(found.odd)
    rows: list[list[Suspect]] = []
    rest: dict[str, Suspect] = {}
    for at, alarm in found.alarms:
        steps = list(graph.steps_before(alarm))
        rows.append(next(filter(None, (_odd_ones(step, odd, alarm, at) for step in steps)), []))
        for signal in steps[0] if steps else ():
            rest.setdefault(signal, Suspect(signal, None, alarm, at, False))
    ranked = interleaved(rows)
    return [*ranked.values(), *(suspect for signal, suspect in rest.items() if signal not in ranked)]


def _odd_ones(step: Sequence[str], odd: dict[str, Oddity], alarm: str, at: float) -> list[Suspect]:
    there = [odd[signal] for signal in step if signal in odd and odd[signal].at <= at + TOLD_WITHIN_S]
    return [Suspect(o.signal, o, alarm, at, o.at < at - TOLD_WITHIN_S) for o in sorted(there, key=no_reaction)]


def _oddest(odd: Sequence[Oddity]) -> dict[str, Oddity]:
    """Of each signal its strongest oddity."""
    found: dict[str, Oddity] = {}
    for one in sorted(odd, key=no_reaction):
        found.setdefault(one.signal, one)
    return found
