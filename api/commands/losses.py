"""What was lost, the dearest first: time, pieces, money, coverage, and what became of it."""

import argparse
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from api.times import window_arguments, window_of
from mom.clock import now
from mom.database.access import Store, open_store
from mom.errors import NotFound
from mom.facts import Window
from mom.losses.share import share_in
from mom.models import Equipment, Loss, Site
from mom.settings import read_settings
from mom.store.equipment import find_equipment, site_of
from mom.store.losses import conditions_in, losses_in
from mom.store.query import moment
from mom.words import duration, money, money_between, number, span_of

WEEK = timedelta(days=7)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--equipment", metavar="PATH", help="of this machine or line; default: of the whole site")
    parser.add_argument("--site", metavar="CODE", help="which site, where there are several")
    window_arguments(parser, "7 days")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="how many; default: 50")
    parser.add_argument("--json", action="store_true", help="print a list of losses")


async def run(args: argparse.Namespace) -> int:
    start, end, at = moment("--from", args.start), moment("--to", args.end), now()
    async with open_store(read_settings()) as store:
        site, below = await _where(store, args.equipment, args.site)
        zone = ZoneInfo(site.time_zone)
        window = window_of(start, end, zone, at, WEEK)
        async with store.read() as session:
            found = await losses_in(session, site.id, window, below=below, limit=100_000)
            seen = await conditions_in(session, site.id, window, below=below)
        rows = [as_json(loss, node, window, at) for loss, node in found]
        signs = [as_json(loss, node, window, at) for loss, node in seen]
    rows = sorted((r for r in rows if r["seconds"] or r["units"]), key=lambda r: (-(r["money"] or 0.0), -r["seconds"]))
    if args.json:
        print(json.dumps([*rows[: args.limit], *signs]))
    else:
        print(table(rows, args.limit, site, window, at))
        print(conditions(signs, site, at), end="")
    return 0


async def _where(store: Store, equipment: str | None, code: str | None) -> tuple[Site, str | None]:
    """The site that is meant, and the path below which is looked."""
    async with store.read() as session:
        sites = await sites_of(session)
        if code is not None:
            sites = [site for site in sites if site.code == code]
        if not sites:
            raise NotFound("There is no site yet." if code is None else f"There is no site {code!r}.")
        if equipment is None:
            return sites[0], None
        node = await find_equipment(session, equipment, sites[0].id if len(sites) == 1 else None)
        return await site_of(session, node.site_id), node.path


async def sites_of(session: Any) -> list[Site]:
    """Every site, those with a plant file first."""
    from sqlalchemy import select

    sites = list(await session.scalars(select(Site).order_by(Site.id)))
    return sorted(sites, key=lambda site: not site.plant)


def as_json(loss: Loss, node: Equipment, window: Window, at: datetime) -> dict[str, Any]:
    """A loss with what of it fell into the window."""
    share = share_in(loss, window, at)
    return {
        "id": loss.id,
        "ref": f"loss:{loss.id}",
        "rule": loss.rule,
        "kind": loss.kind,
        "title": loss.title,
        "reason": loss.reason,
        "equipment": node.path,
        "from": loss.started_at.isoformat(),
        "to": loss.ended_at.isoformat() if loss.ended_at else None,
        "seconds": round(share.seconds, 3),
        "units": round(share.units, 1),
        "money": _float(share.money),
        "money_low": _float(share.low),
        "money_high": _float(share.high),
        "coverage": loss.coverage,
        "status": loss.status,
        "sign_of": f"loss:{loss.symptom_of}" if loss.symptom_of else None,
        "evidence": list(loss.evidence),
        "assumption": loss.figures.get("assumption", ""),
        "cost": loss.figures.get("cost", {}),
    }


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _whole(amount: float | None) -> int | None:
    return None if amount is None else round(amount)


def table(rows: list[dict[str, Any]], limit: int, site: Site, window: Window, at: datetime) -> str:
    zone = ZoneInfo(site.time_zone)
    head = f"{site.name}, {span_of(window.start, window.end, at, zone)}: {len(rows)} losses"
    total = sum(row["money"] or 0.0 for row in rows)
    lines = [f"{head}, {money(round(total), site.currency)}"]
    for row in rows[:limit]:
        ended = datetime.fromisoformat(row["to"]) if row["to"] else None
        when = span_of(datetime.fromisoformat(row["from"]), ended, at, zone)
        cost = money_between(_whole(row["money"]), _whole(row["money_low"]), _whole(row["money_high"]), site.currency)
        seen = "" if row["coverage"] > 0.9995 else f" ({100 * row['coverage']:.0f} % seen)"
        lines.append(
            f"{row['id']:>7}  {cost:>26}  {duration(row['seconds']):>10}  {number(row['units'], 0):>9} pcs  "
            f"{row['status']:<10} {row['title']}, {when}{seen}"
        )
    if len(rows) > limit:
        lines.append(f"        … and {len(rows) - limit} more (--limit)")
    return "\n".join(lines)


def conditions(rows: list[dict[str, Any]], site: Site, at: datetime) -> str:
    """What costs nothing yet, with the loss that it turned out to be a sign of."""
    zone = ZoneInfo(site.time_zone)
    lines = ["To be looked at, costs nothing by itself:"] if rows else []
    for row in rows:
        ended = datetime.fromisoformat(row["to"]) if row["to"] else None
        when = span_of(datetime.fromisoformat(row["from"]), ended, at, zone)
        sign = f" (sign of {row['sign_of'].replace(':', ' ')})" if row["sign_of"] else ""
        lines.append(f"{row['id']:>7}  {row['title']}, {when}{sign}")
    return "".join(f"{line}\n" for line in lines)
