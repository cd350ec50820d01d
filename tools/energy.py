"""Energy: by good piece, while nothing is made, base load, and whether something leaks."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

from mom import words
from mom.energy.base_load import base_load_of
from mom.energy.gather import meters_in
from mom.energy.leak import Leak, leaks_of
from mom.energy.meter import MeterFacts
from mom.energy.use import EnergyUse, Use, use_of
from mom.facts import Window
from tools.scope import End, Start, Where, local, scope
from tools.shown import bars
from tools.tool import Context, Result, tool

BACK = timedelta(days=28)
"""A leak and a base load are looked for in so many days before the window's end: a shift alone shows neither."""


@tool(doing="Reading the energy meters")
async def get_energy(context: Context, equipment: Where = None, start: Start = None, end: End = None) -> Result:
    """Energy of each meter in a window: kWh, kWh per good piece (also by product and shift), the share drawn while
    nothing was produced. Over the four weeks up to its end: base load and kWh a piece by regression with 95 % intervals,
    and leaks (more drawn for the same running machines): since when, how much, cost a year. `missing` says what is
    withheld and why. Without an equipment: every meter of the site, compressors too."""
    asked = await scope(context, equipment, start, end)
    only = None if asked.machine is None else [asked.path]
    wide = Window(min(asked.window.start, asked.window.end - BACK), asked.window.end)
    meters = await meters_in(context.read, asked.layout, wide, context.now, only)
    rows = [await asyncio.to_thread(_row, context, meter.cut(asked.window), meter) for meter in meters]
    data: dict[str, Any] = {
        "window": asked.label,
        "meters": rows,
        "note": "" if rows else f"No energy meter is known at {asked.name}: a tag that means energy would tell.",
        "source": asked.query("readings"),
    }
    used = [(row["name"], row["kwh"]) for row in rows if row["kwh"] is not None]
    top = "; ".join(f"{name}: {words.quantity(kwh, 'kWh')}" for name, kwh in used)
    chart = bars(f"Energy, {asked.label}", used, "kWh", top, asked.query("readings"))
    return Result(data, (chart,) if used else (), asked.about)


def _row(context: Context, near: MeterFacts, far: MeterFacts) -> dict[str, Any]:
    use = use_of(near)
    fit, no_fit = base_load_of(far)
    leaks, no_leaks = leaks_of(far)
    missing = [] if use else ["the meter told of too little of the window"]
    missing += [f"base load: {no_fit}"] if no_fit else []
    missing += [f"leak: {no_leaks}"] if no_leaks else []
    return {
        "name": near.name,
        "equipment": near.path,
        "tag": near.tag,
        **(_use(use, near.price) if use else {"kwh": None}),
        "base_load": _rounded(fit) if fit else None,
        "leaks": [_leak(context, leak, far.currency) for leak in leaks],
        "missing": missing,
    }


def _use(use: EnergyUse, price: Decimal) -> dict[str, Any]:
    return {
        **_one(use.total),
        "cost": round(use.total.kwh * float(price), 2),
        "idle_kwh": round(use.idle, 1),
        "idle_share": None if use.idle_share is None else round(use.idle_share, 4),
        "coverage": round(use.coverage, 4),
        "by_product": [{"product": one.name, **_one(one)} for one in use.by_product],
        "by_shift": [{"shift": one.name, **_one(one)} for one in use.by_shift],
    }


def _one(use: Use) -> dict[str, Any]:
    per_unit = None if use.per_unit is None else round(use.per_unit, 5)
    return {"kwh": round(use.kwh, 1), "good": round(use.good), "kwh_per_good_piece": per_unit, "withheld": use.missing}


def _rounded(fit: Any) -> dict[str, Any]:
    return {
        "kw": [round(number, 2) for number in (fit.base, fit.base_low, fit.base_high)],
        "kwh_per_piece": [round(number, 5) for number in (fit.piece, fit.piece_low, fit.piece_high)],
        "explained": round(fit.explained, 3),
        "hours": fit.hours,
    }


def _leak(context: Context, leak: Leak, currency: str) -> dict[str, Any]:
    said = words.span_of(leak.since, leak.until, context.now, context.zone)
    money = words.money_between(leak.cost_year, leak.cost_low, leak.cost_high, currency)
    return {
        "when": said,
        "since": local(leak.since, context),
        "until": local(leak.until, context),
        "before_kw": round(leak.base, 2),
        "rise_kw": [round(number, 2) for number in (leak.rise, leak.low, leak.high)],
        "at_standstill_kw": None if leak.standing is None else round(leak.standing, 2),
        "sure": leak.sure,
        "cost_year": round(float(leak.cost_year)),
        "cost_year_said": money,
        "hours": leak.hours,
    }
