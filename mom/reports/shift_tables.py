"""The tables behind page one of the shift report."""

from datetime import datetime

from mom import words
from mom.blocks import Column, TableBlock
from mom.reports.description import Paragraph, Part
from mom.reports.shift_facts import ShiftFacts

ALL = 25


def orders(facts: ShiftFacts) -> tuple[Part, ...]:
    now = facts.period.window.end
    late = [order for order in facts.orders if order.is_late(now)]
    said = (
        f"{len(late)} of {len(facts.orders)} open orders are late or will be by their plan."
        if late
        else f"None of the {len(facts.orders)} open orders is late by its plan."
    )
    columns = _columns(order="Order", product="Product", line="Line", made="Made", of="Of", due="Due", note="")
    chosen = [*late, *(order for order in facts.orders if order.begun_at and order not in late)]
    rows = [
        {
            "order": order.key,
            "product": order.product,
            "line": order.line,
            "made": words.number(order.made, 0) if order.made is not None else None,
            "of": words.number(order.quantity, 0),
            "due": _when(order.due_at, facts),
            "note": "late"
            if order.due_at and order.due_at <= now
            else "plan ends late"
            if order in late
            else "running",
        }
        for order in chosen[:ALL]
    ]
    return (Paragraph(said), TableBlock(title="", columns=columns, rows=tuple(rows), empty="No order is running."))


def losses(facts: ShiftFacts) -> TableBlock:
    columns = _columns(
        title="Loss", machine="Machine", when="When", time="Time", units="Pieces", money="Money", state="State"
    )
    rows = [
        {
            "title": loss.title + (f". Cause: {loss.cause}" if loss.cause else ""),
            "machine": loss.equipment,
            "when": words.span_of(loss.start, loss.end, facts.period.window.end, facts.zone),
            "time": words.duration(loss.seconds),
            "units": words.number(loss.units, 0),
            "money": words.money_between(loss.money, loss.low, loss.high, facts.currency),
            "state": loss.status,
        }
        for loss in facts.losses[:ALL]
    ]
    refs = tuple(f"loss:{loss.id}" for loss in facts.losses[:ALL])
    return TableBlock(title="", columns=columns, rows=tuple(rows), refs=refs, empty="No loss was found.")


def rest(facts: ShiftFacts) -> tuple[Part, ...]:
    rest = facts.losses[ALL:]
    if not rest:
        return ()
    cost = words.money(sum(loss.money or 0 for loss in rest), facts.currency)
    return (Paragraph(f"{len(rest)} smaller ones are not listed; together {cost}.", quiet=True),)


def shared(facts: ShiftFacts) -> tuple[Part, ...]:
    """What several lines feed, and what it lost."""
    columns = _columns(machine="Machine", lines="Fed by", losses="Losses", time="Time", money="Money")
    rows = [
        {
            "machine": one.name,
            "lines": ", ".join(one.lines),
            "losses": words.number(len(one.losses), 0),
            "time": words.duration(sum(loss.seconds for loss in one.losses)),
            "money": words.money(sum(loss.money or 0 for loss in one.losses), facts.currency),
        }
        for one in facts.shared
    ]
    return (TableBlock(title="", columns=columns, rows=tuple(rows)),)


def scrap(facts: ShiftFacts) -> tuple[Part, ...]:
    columns = _columns(line="Line", reason="Reason", quantity="Pieces")
    rows = [
        {"line": row.line, "reason": row.reason, "quantity": words.number(row.quantity, 0)} for row in facts.scrap[:ALL]
    ]
    return (TableBlock(title="", columns=columns, rows=tuple(rows), empty="No scrap was counted with a reason."),)


def notes(facts: ShiftFacts) -> tuple[Part, ...]:
    columns = _columns(at="When", where="Where", text="What")
    rows = [
        {"at": _when(one.at, facts), "where": one.where, "text": one.text} for one in (*facts.repairs, *facts.notes)
    ]
    return (TableBlock(title="", columns=columns, rows=tuple(rows), empty="Nobody wrote anything."),)


NUMERIC = {"made", "of", "time", "units", "money", "quantity", "losses"}


def _columns(**titles: str) -> tuple[Column, ...]:
    return tuple(Column(key=key, title=title, numeric=key in NUMERIC) for key, title in titles.items())


def _when(at: datetime | None, facts: ShiftFacts) -> str | None:
    return words.time_of(at, facts.period.window.end, facts.zone) if at else None
