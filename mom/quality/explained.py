"""A model of quality in words and figures: as tools, pages and reports tell it."""

from typing import Any

from mom import words
from mom.models import QualityModel


def explained(model: QualityModel, machine: str) -> dict[str, Any]:
    """`said`: the sentence a person reads. `driver`: the parameter and its range, None where the model is silent."""
    body = model.body
    driver = body["ranges"][0] if model.told else None
    return {
        "ref": None,
        "response": model.response,
        "machine": machine,
        "equipment": model.equipment,
        "unit": model.unit,
        "rows": model.rows,
        "told": model.told,
        "parameter": body["parameter"] if model.told else None,
        "driver": _driver(driver, model.unit) if driver else None,
        "skill": round(model.skill, 3),
        "skill_low": round(model.low, 3),
        "skill_high": round(model.high, 3),
        "confounders": [_confounder(c) for c in body["confounders"]],
        "factors": [_factor(f, model.unit) for f in body["factors"]],
        "missing": body["missing"],
        "learned_to": model.split_at.isoformat() if model.split_at else None,
        "said": said(model),
    }


def said(model: QualityModel) -> str:
    body = model.body
    factors = "; ".join(_factor(f, model.unit)["said"] for f in body["factors"][:2])
    if not model.told:
        reason = f"No parameter explains it: {body['missing']}."
        return f"{reason} But {factors}." if factors else reason
    driver = _driver(body["ranges"][0], model.unit)
    held = ", ".join(str(c["factor"]) for c in body["confounders"] if c["verdict"] == "holds")
    interval = f"{100 * model.low:.0f} to {100 * model.high:.0f}"
    seen = f"It explains {words.percent(model.skill, 0)} ({interval}) of the variation on days not seen before"
    return f"{driver['said']} {seen}{f', and holds within each {held}' if held else ''}."


def _driver(found: dict[str, Any], unit: str) -> dict[str, Any]:
    """`Application torque at Capper 2 below 1.71: 1.28 Nm, else 1.44 Nm; difference -0.16 (-0.19 to -0.13).`"""
    where = " and ".join(_bound(*bound) for bound in found["bounds"])
    gap = f"{_signed(found['difference'])} ({_signed(found['low'])} to {_signed(found['high'])})"
    at, other = words.number(found["value"]), words.number(found["others"])
    return {
        "where": where,
        "value": round(found["value"], 4),
        "others": round(found["others"], 4),
        "difference": round(found["difference"], 4),
        "low": round(found["low"], 4),
        "high": round(found["high"], 4),
        "rows": found["rows"],
        "said": f"{where[:1].upper()}{where[1:]}: {at} {unit}, else {other} {unit}; difference {gap} {unit}.",
    }


def _bound(name: str, low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{name} between {words.number(low)} and {words.number(high)}"
    return f"{name} above {words.number(low)}" if low is not None else f"{name} below {words.number(high)}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{words.number(abs(value))}"


def _confounder(found: dict[str, Any]) -> dict[str, Any]:
    told = {
        "holds": f"within each {found['factor']} the difference is there too",
        "fades": f"{found['factor']} {found['level']}: within it there is no such difference",
        "mixed": f"{found['factor']} {found['level']}: the two cannot be told apart",
    }
    return {"factor": found["factor"], "verdict": found["verdict"], "said": told[found["verdict"]]}


def _factor(found: dict[str, Any], unit: str) -> dict[str, Any]:
    at, other = words.number(found["value"]), words.number(found["others"])
    share = words.percent(found["share"], 0)
    told = f"the {found['factor']} goes with {share} of the variation: {found['level']} {at} {unit}, all others {other} {unit}"
    return {"factor": found["factor"], "level": found["level"], "share": round(found["share"], 3), "said": told}
