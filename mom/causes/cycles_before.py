"""What was odd in a machine's cycles before it stopped, from its stored readings; None where no cycle can be learned."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.cause import LossFact
from mom.cycles.stored import Before, learned_before, trouble_at
from mom.cycles.suspects import Suspect, Trouble, suspects
from mom.facts import Facts, Window
from mom.store.recordings import recording_of

Graph = Mapping[str, Sequence[str]]
"""What each tag acts upon, as the plant's expert knows it."""


async def cycles_before(session: AsyncSession, facts: Facts, loss: LossFact, acts_upon: Graph) -> Before | None:
    """Of a single stop. The machine's two-valued signals and alarms of the weeks before are read."""
    if loss.rule != "stop":
        return None
    window = Window(facts.window.start, loss.end)
    stored = await recording_of(session, [facts.machine.id], window, loss.start)
    if stored is None:
        return None
    one, start = stored.recording, loss.start.timestamp()
    stops = [(stop.start.timestamp(), stop.end.timestamp()) for stop in facts.stops if stop.start < loss.start]
    learned = learned_before(one, stops, start)
    found = trouble_at(learned.habits, one, start, loss.end.timestamp())
    if found is None:
        return None
    told, by_graph = ranked(acts_upon, found)
    return Before(told, learned.hours, by_graph, stored.names)


def ranked(acts_upon: Graph, found: Trouble) -> tuple[tuple[Suspect, ...], frozenset[str]]:
    """The suspects, the likeliest first, and the signals among them that the graph named.

    The graph is the plant's: of an alarm that it says nothing of, what normal cycles tell stands alone. The same holds
    where nothing that it names was odd.
    """
    effects = {effect for some in acts_upon.values() for effect in some}
    if not any(name in effects for _, name in found.alarms):
        return tuple(suspects(found)), frozenset()
    by_graph = [one for one in _by_graph(acts_upon, found) if one.oddity is not None]
    named = frozenset(one.signal for one in by_graph)
    others = [one for one in suspects(found) if one.signal not in named and not (named and one.alarm in effects)]
    return (*by_graph, *others), named


def _by_graph(acts_upon: Graph, found: Trouble) -> list[Suspect]:
    from mom.cause_graph.graph import cause_graph, graph_suspects  # networkx is only imported where a graph is given

    edges = [(cause, effect) for cause, effects in acts_upon.items() for effect in effects]
    return graph_suspects(cause_graph(edges, [name for _, name in found.alarms]), found)
