"""Explain a loss: gather the facts, ask every kind of evidence, rank, or refuse."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

import mom.causes
from mom.causes.cause import Candidate, Cause, CauseFacts, Diagnosis, LossFact
from mom.causes.daily import tallies
from mom.causes.gather import inspections_of, lots_of, repairs_of, site_signals, uses_of
from mom.discover import discover
from mom.errors import NotFound
from mom.facts import Facts, Machine, StopSpan, Window
from mom.models import Equipment, Loss
from mom.store.facts import facts as facts_of
from mom.store.plants import layout_of
from mom.store.stops import stops_in

LOOK_BACK = timedelta(days=28)
"""How far back evidence is looked for."""
LONGEST = timedelta(days=35)
SUFFICIENT = 0.5
"""Below this score the evidence does not carry a cause: insufficient, and what to measure next."""
MOST = 6


@cache
def causes() -> dict[str, Cause]:
    """Every kind of evidence by name."""
    return discover(mom.causes, Cause)


async def explain(session: AsyncSession, loss_id: int, now: datetime) -> Diagnosis:
    """Why loss `loss_id` happened, as far as the data tell. Writes nothing. Raises NotFound."""
    facts = await gather(session, loss_id, now)
    found = [candidate for kind in causes().values() for candidate in kind.find(facts)]
    return diagnosis(facts, found)


async def gather(session: AsyncSession, loss_id: int, now: datetime) -> CauseFacts:
    """All that kinds of evidence may look at. Raises NotFound."""
    row = await session.get(Loss, loss_id)
    equipment = await session.get(Equipment, row.equipment_id) if row else None
    if row is None or equipment is None:
        raise NotFound(f"There is no loss {loss_id}.", remedy="`./lineside losses` lists them with their numbers.")
    layout = await layout_of(session, row.site_id)
    end = max(_last_sign(row, now), row.started_at + timedelta(seconds=1))
    window = Window(max(row.started_at - LOOK_BACK, end - LONGEST), end)
    machine = layout.machines[equipment.path]
    lines = layout.lines_of(machine.path)
    flow = list(dict.fromkeys(m.path for line in lines for m in layout.flow(line)))
    loss = _loss_fact(row, equipment.path, end)
    stops = await stops_in(session, {layout.machines[path].id: path for path in flow}, window, now)
    own = await facts_of(session, equipment, window, max(now, window.end), signals=True)
    return CauseFacts(
        loss=loss,
        machine=own,
        line=tuple(_neighbour(own, layout.machines[path], stops.get(path, ())) for path in flow),
        tallies=tallies(own, loss),
        repairs=await repairs_of(session, layout, flow, window),
        lots=await uses_of(session, layout, flow, window),
        lots_known=await lots_of(session, layout, window),
        inspections=await inspections_of(session, layout, equipment.path, window),
        site_signals=await site_signals(session, layout, window),
    )


def _last_sign(row: Loss, now: datetime) -> datetime:
    """Until when the loss showed: of a pattern its last part, of what lasts now."""
    told = [datetime.fromisoformat(part["to"]) for part in row.figures.get("parts", ())]
    return row.ended_at or min(max(told) + timedelta(hours=1), now) if told else row.ended_at or now


def _neighbour(own: Facts, machine: Machine, stops: tuple[StopSpan, ...]) -> Facts:
    return Facts(own.site, own.zone, own.currency, machine, own.window, own.now, stops=stops)


def diagnosis(facts: CauseFacts, found: Sequence[Candidate]) -> Diagnosis:
    """The candidates, strongest first, and whether they carry an answer. Pure."""
    loss = facts.loss
    ranked = tuple(sorted(found, key=lambda c: (-c.score, c.kind, c.subject))[:MOST])
    best = ranked[0] if ranked else None
    looked = tuple(kind.title for kind in causes().values())
    window = facts.machine.window
    if best is not None and best.score >= SUFFICIENT:
        seen = "; ".join(evidence.text for evidence in best.evidence)
        summary = f"Most likely {best.subject}: {seen}."
        return Diagnosis(
            loss.id, loss.title, True, summary, ranked, best.measure_next, looked, window.start, window.end
        )
    measure = best.measure_next if best else _measure(facts)
    summary = "Insufficient evidence: the data do not show what caused this."
    return Diagnosis(loss.id, loss.title, False, summary, ranked, measure, looked, window.start, window.end)


def _measure(facts: CauseFacts) -> str:
    name = facts.machine.machine.name
    if facts.loss.kind == "unclassified":
        return f"Enter the reason at {name} when it stops; without it nothing can be compared."
    if not facts.machine.signals:
        return f"{name} tells no signal beside its state: note what is found at the next time, and consider a sensor."
    return f"Note what is found at {name} the next time: part, product, material lot."


def _loss_fact(row: Loss, path: str, end: datetime) -> LossFact:
    return LossFact(
        row.id,
        row.rule,
        row.kind,
        row.reason,
        path,
        row.title,
        row.started_at,
        end,
        row.ended_at is None,
        row.seconds,
        row.units,
        dict(row.figures),
        tuple(row.evidence),
    )
