"""What was lost, by money; and why."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from mom import words
from mom.causes.explain import explain
from mom.causes.likely import likely
from mom.errors import NotFound
from mom.losses.loss import TITLES, LossKind
from mom.losses.share import share_in
from mom.losses.spoken import cost_words
from mom.models import Loss, Proposal
from mom.store.losses import loss_of, losses_in
from mom.store.plants import Layout, layout_of
from tools.scope import End, Scope, Start, Where, local, scope, told
from tools.shown import bars, table
from tools.tool import About, Context, Result, tool

MOST = 15


@tool(doing="Looking at the losses")
async def list_losses(context: Context, equipment: Where = None, start: Start = None, end: End = None) -> Result:
    """What a line or machine lost in a window: each loss with its time, pieces and money in that window, the most expensive first,
    and the sums by kind. Start here when asked what cost most. `ref` of a loss goes to `explain_loss`. `money_low` to `money_high` is the 90 %
    interval of `money`, where the loss has been priced by replaying its line."""
    asked = await scope(context, equipment, start, end)
    found = await found_in(context, asked)
    parts = sorted((loss_row(context, asked, loss, name) for loss, name in found), key=_costly)
    rows = [row for row in parts if row["seconds"] > 0 or row["units"] > 0]
    currency = asked.layout.site.currency
    source = asked.query("losses")
    data = {
        "window": asked.label,
        "currency": currency,
        "count": len(rows),
        "money_total": round(sum(row["money"] or 0 for row in rows), 2),
        "by_kind": by_kind(rows),
        "losses": rows[:MOST],
        "left_out": max(0, len(rows) - MOST),
        "source": source,
    }
    shown = [(f"{row['title']}, {row['machine']}", row["money"] or 0.0) for row in rows[:8]]
    text = f"{shown[0][0]}: {words.money(shown[0][1], currency)}" if shown else "No loss was found."
    chart = bars(f"Losses by money, {asked.label}", shown, currency, text, source)
    return Result(data, (*((chart,) if shown else ()), _table(rows, source)), asked.about)


@tool(doing="Looking for the cause")
async def explain_loss(
    context: Context, loss: Annotated[str, Field(description="The loss's ref or number: `loss:7` or `7`.")]
) -> Result:
    """Why a loss came about: candidate causes, the likeliest first, each with its probability, evidence for and against, what would refute
    it, and what to measure next; `none` is the probability that it is none of them, `past` what was done when it was like this before.
    When `sufficient` is false the evidence does not carry an answer: say so, and what to measure."""
    row, node = await loss_of(context.read, loss_id(loss), context.site_id)
    diagnosis = (await explain(context.read, row.id, context.now)).as_json()
    layout = await layout_of(context.read, context.site_id)
    for cause in diagnosis["causes"]:
        machine = layout.machines.get(cause["equipment"])
        cause["machine"] = machine.name if machine else cause["equipment"]
        cause["percent"] = round(100 * min(0.99, cause["score"]))  # no evidence here is a proof
        cause["likely"] = likely(cause["score"]).capitalize()
        cause["since_told"] = told(datetime.fromisoformat(cause["since"]), context) if cause["since"] else None
    data = {
        **diagnosis,
        "ref": f"loss:{row.id}",
        "machine": node.name,
        "equipment": node.path,
        "reason": row.reason,
        "kind": row.kind,
        "started": told(row.started_at, context),
        "ended": told(row.ended_at, context),
        "seconds": row.seconds,
        "units": row.units,
        "money": float(row.money) if row.money is not None else None,
        "money_low": float(row.money_low) if row.money_low is not None else None,
        "money_high": float(row.money_high) if row.money_high is not None else None,
        "money_from": cost_words(row, layout.site.currency),
        "currency": layout.site.currency,
        "proposals": await _proposals(context, row.id),
    }
    label = words.span_of(row.started_at, row.ended_at, context.now, context.zone)
    about = About(node.path, node.name, row.started_at, row.ended_at or context.now, label)
    return Result(data, (), about)


def loss_id(ref: str) -> int:
    """The number in `loss:7` or `7`. Raises NotFound."""
    number = ref.rpartition(":")[2].strip()
    if not number.isdigit() or len(number) > 18:
        raise NotFound(f"There is no loss {ref[:40]!r}.", remedy="Take a `ref` that list_losses returned.")
    return int(number)


async def found_in(context: Context, asked: Scope) -> list[tuple[Loss, str]]:
    below = asked.machine.path if asked.machine else None
    rows = await losses_in(context.read, context.site_id, asked.window, below=below)
    here = [(loss, node.name) for loss, node in rows if loss.status != "dismissed"]
    return [(loss, name) for loss, name in here if share_in(loss, asked.window, context.now)]


def loss_row(context: Context, asked: Scope, loss: Loss, machine: str) -> dict[str, Any]:
    """The loss's part in the window, as every page and report has it (mom/losses/share.py)."""
    share = share_in(loss, asked.window, context.now)
    return {
        "ref": f"loss:{loss.id}",
        "title": loss.title,
        "kind": loss.kind,
        "reason": loss.reason,
        "machine": machine,
        "started": told(loss.started_at, context),
        "started_at": local(loss.started_at, context),
        "ended_at": local(loss.ended_at, context),
        "still": loss.ended_at is None,
        "seconds": round(share.seconds, 1),
        "units": round(share.units, 1),
        "unit": unit_of(asked.layout),
        "money": round(float(share.money), 2) if share.money is not None else None,
        "money_low": round(float(share.low), 2) if share.low is not None else None,
        "money_high": round(float(share.high), 2) if share.high is not None else None,
        "coverage": loss.coverage,
        "status": loss.status,
        **({"part_of_it": "it began before this window: only what lies in it"} if share.seconds < loss.seconds else {}),
    }


def unit_of(layout: Layout) -> str:
    """What the plant makes: bottles. Pieces where its products differ."""
    return layout.unit or "pieces"


def _costly(row: dict[str, Any]) -> tuple[float, float]:
    return -(row["money"] or 0.0), -row["seconds"]


def by_kind(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["kind"]].append(row)
    made = [
        {
            "kind": kind,
            "title": TITLES[LossKind(kind)] if kind in LossKind.__members__ else kind,
            "count": len(items),
            "seconds": round(sum(i["seconds"] for i in items), 1),
            "units": round(sum(i["units"] for i in items), 1),
            "money": round(sum(i["money"] or 0 for i in items), 2),
        }
        for kind, items in grouped.items()
    ]
    return sorted(made, key=_costly)


def _table(rows: list[dict[str, Any]], source: str) -> Any:
    shown = [{**row, "lost": words.duration(row["seconds"]), "state": _state(row)} for row in rows[:MOST]]
    columns = [("title", "Loss", ""), ("machine", "Machine", ""), ("lost", "Time", ""), ("units", "Pieces", "")]
    columns += [("money", "Money", ""), ("state", "State", "")]
    return table("Time lost", columns, shown, source=source, empty="No loss was found in this window.")


def _state(row: dict[str, Any]) -> str:
    return f"{row['status']}, still going on" if row["still"] else str(row["status"])


async def _proposals(context: Context, loss_id: int) -> list[dict[str, Any]]:
    query = select(Proposal).where(Proposal.loss_id == loss_id).order_by(Proposal.id.desc()).limit(5)
    rows = await context.read.scalars(query)
    return [{"ref": f"proposal:{p.id}", "id": p.id, "title": p.title, "status": p.status} for p in rows]
