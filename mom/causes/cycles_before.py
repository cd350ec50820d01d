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
    told = _by_graph(acts_upon, found) if acts_upon else suspects(found)
    return Before(tuple(told), learned.hours, bool(acts_upon), stored.names)


def _by_graph(acts_upon: Graph, found: Trouble) -> list[Suspect]:
    from mom.cause_graph.graph import cause_graph, graph_suspects  # networkx is only imported where a graph is given

    edges = [(cause, effect) for cause, effects in acts_upon.items() for effect in effects]
    return graph_suspects(cause_graph(edges, [name for _, name in found.alarms]), found)
