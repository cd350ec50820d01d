"""What the store says of the machines of a scene, read in one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import AlarmSpan, ClassSpan, CountSpan, Machine, ProductFact, RunSpan, StateSpan, StopSpan, Window
from mom.store.change_overs import change_overs_wanted, outside_orders
from mom.store.corrections import classes_wanted
from mom.store.counts import counts_wanted
from mom.store.no_order import OrdersTold, orders_wanted
from mom.store.plants import Layout
from mom.store.products import products_wanted
from mom.store.request import Request, fetch, fetch_all
from mom.store.sources import Sources, reported_wanted, sources_wanted
from mom.store.states import alarms_wanted, runs_wanted, states_wanted
from mom.store.stops import stops_wanted
from mom.store.uncounted import uncounted_wanted


@dataclass(frozen=True, slots=True)
class SceneRows:
    """What the store says of the machines of a scene: by path, runs by line."""

    sources: Sources
    states: Mapping[str, Sequence[StateSpan]]
    stops: Mapping[str, Sequence[StopSpan]]
    alarms: Mapping[str, Sequence[AlarmSpan]]
    counts: dict[str, tuple[CountSpan, ...]]
    uncounted: Mapping[str, Sequence[Window]]
    runs: Mapping[str, Sequence[RunSpan]]
    orders: OrdersTold
    changing: Mapping[str, Sequence[Window]]
    products: Mapping[str, ProductFact]
    said: Mapping[str, tuple[ClassSpan, ...]]


async def rows_of(
    session: AsyncSession, layout: Layout, wanted: Sequence[str], window: Window, now: datetime, fine: bool
) -> SceneRows:
    ids = {m.id: m.path for path in wanted for m in told_by(layout, path)}
    lines = {layout.machines[path].id: path for path in {layout.machines[p].line for p in wanted}}
    requests: dict[str, Request[Any]] = {
        "sources": sources_wanted(layout.site.id, list(ids), now),
        "states": states_wanted(ids, window, now),
        "stops": stops_wanted(ids, window, now),
        "alarms": alarms_wanted(ids, window, now),
        "counts": counts_wanted(ids, window, fine=fine),
        "uncounted": uncounted_wanted(layout.site.id, ids, window, now),
        "runs": runs_wanted(lines, window, now),
        "orders": orders_wanted(layout.site.id, lines, window, now),
        "changing": change_overs_wanted(ids, window, now),
        "said": classes_wanted(ids, window),
        "products": products_wanted(layout),
    }
    rows = SceneRows(**await fetch_all(session, requests))
    if rows.sources.counts - rows.sources.states:
        reported = await fetch(session, reported_wanted(layout.site.id))
        rows = replace(rows, sources=replace(rows.sources, reported=reported))
    without = {path: rows.orders.without.get(layout.machines[path].line, ()) for path in rows.changing}
    return replace(rows, changing=outside_orders(rows.changing, without))


def told_by(layout: Layout, path: str) -> list[Machine]:
    """Whose rows the facts of `path` are made of: its machines' and its own."""
    return [*layout.units(path), layout.machines[path]]
