"""The shift report: page one for someone with one minute, then what stands behind it."""

from dataclasses import dataclass
from decimal import Decimal

from mom import words
from mom.figures import Figure
from mom.reports import shift_tables as tables
from mom.reports.charts import bars
from mom.reports.description import Description, Paragraph, Part, Section, Tile, Tiles, day_and_time
from mom.reports.report import Report
from mom.reports.shift_changed import parts_of
from mom.reports.shift_conditions import conditions
from mom.reports.shift_energy import energy
from mom.reports.shift_facts import LineShift, LossLine, ShiftFacts, gather, shift_periods
from mom.reports.shift_quality import quality

TILES = ("oee", "availability", "effectiveness", "quality_ratio")
ON_PAGE_ONE = 5
EXPLAINED_ON_PAGE_ONE = 3
SAME = 0.005
"""An OEE that differs by less is the same."""


def describe(facts: ShiftFacts) -> Description:
    """What is said of a shift. No clock, no store."""
    window = facts.period.window
    shift = f"{facts.period.name} shift" + (f", crew {facts.period.crew}" if facts.period.crew else "")
    end = window.end.astimezone(facts.zone)
    sections = (
        Section("How it was", tuple(part for line in facts.lines for part in _line(facts, line))),
        Section("What cost most", _cost_most(facts)),
        Section("What was done about it", _done(facts)),
        *([Section("What changed", parts_of(facts.changed), new_page=True)] if facts.changed else []),
        Section("Orders", tables.orders(facts), new_page=True),
        Section("Losses of the shift", (tables.losses(facts), *tables.rest(facts))),
        *([Section("Shared by lines", tables.shared(facts))] if facts.shared else []),
        Section("Scrap", tables.scrap(facts)),
        *([Section("Quality", parts)] if facts.quality and (parts := quality(facts.quality)) else []),
        *([Section("Energy", energy(facts.energy))] if facts.energy else []),
        *([Section("To be looked at", conditions(facts.conditions))] if facts.conditions else []),
        Section("Repairs and notes", tables.notes(facts)),
    )
    return Description(
        title="Shift report",
        site=facts.site,
        period=f"{day_and_time(window.start, facts.zone)} to {end:%H:%M}, {shift}",
        made=day_and_time(facts.now, facts.zone),
        answer=answer(facts),
        sections=sections,
    )


def answer(facts: ShiftFacts) -> str:
    """The shift in a sentence a line, and what cost most."""
    said = [_line_answer(facts, line) for line in facts.lines]
    dearest = next(iter(troubles(facts)), None)
    if dearest is None:
        return " ".join([*said, "No loss was found."])
    cost = words.money(dearest.money, facts.currency) if dearest.money is not None else "cost not known"
    often = f" {dearest.times} times," if dearest.times > 1 else ""
    return " ".join([*said, f"{dearest.label} cost most:{often} {words.duration(dearest.seconds)}, {cost}."])


@dataclass(frozen=True, slots=True)
class Trouble:
    """Losses that people call the same, together."""

    label: str
    times: int
    seconds: float
    money: Decimal | None


def troubles(facts: ShiftFacts) -> list[Trouble]:
    """What the shift lost, the dearest first. Each loss counts with its part in the shift."""
    together: dict[str, list[LossLine]] = {}
    for loss in facts.losses:
        together.setdefault(_label(loss), []).append(loss)
    found = [
        Trouble(label, len(losses), sum(loss.seconds for loss in losses), _sum([loss.money for loss in losses]))
        for label, losses in together.items()
    ]
    return sorted(found, key=lambda trouble: (-(trouble.money or 0), -trouble.seconds))


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _line_answer(facts: ShiftFacts, line: LineShift) -> str:
    good, oee = line.figures.get("good"), line.figures.get("oee")
    if good is None or good.value is None:
        return f"{line.name}: I cannot tell what was made ({_why(good)})."
    made = f"{line.name} made {words.quantity(good.value, facts.unit)}"
    if oee is None or oee.value is None:
        return f"{made}; OEE cannot be told ({_why(oee)})."
    before = line.before.get("oee")
    if before is None or before.value is None:
        return f"{made} at OEE {words.percent(oee.value)}."
    change = oee.value - before.value
    if abs(change) < SAME:
        return f"{made} at OEE {words.percent(oee.value)}, as in the {facts.period.name} shift before."
    word = "more" if change > 0 else "less"
    return f"{made} at OEE {words.percent(oee.value)}, {100 * abs(change):.1f} points {word} than the shift before."


def _why(figure: Figure | None) -> str:
    missing = figure.missing if figure else ()
    return "; ".join(why.removeprefix("not computable: ") for why in missing) or "no data"


def _line(facts: ShiftFacts, line: LineShift) -> tuple[Part, ...]:
    withheld = {_why(line.figures[name]) for name in TILES if name in line.figures and line.figures[name].value is None}
    if len(withheld) == 1 and all(line.figures[name].value is None for name in TILES if name in line.figures):
        return (Paragraph(f"{line.name}: {words.NOTHING}. I cannot tell: {withheld.pop()}."),)
    tiles = [_tile(line, name) for name in TILES if name in line.figures]
    pieces = [
        f"{title.lower()} {words.quantity(figure.value, facts.unit)}"
        for name, title in (("produced", "Produced"), ("good", "good"), ("scrap", "scrapped"))
        if (figure := line.figures.get(name)) is not None and figure.value is not None
    ]
    notes = [figure.note for name in TILES if (figure := line.figures.get(name)) and figure.note]
    text = f"{line.name}: {', '.join(pieces)}." if pieces else f"{line.name}: no counts."
    held = [Paragraph(facts.held[line.path])] if line.path in facts.held else []
    remarks = [Paragraph(note, quiet=True) for note in dict.fromkeys(notes)]
    return (Paragraph(text), Tiles(tuple(tiles)), *held, *remarks)


def _tile(line: LineShift, name: str) -> Tile:
    figure, before = line.figures[name], line.before.get(name)
    if figure.value is None:
        return Tile(figure.title or name, words.NOTHING, _why(figure), figure.coverage)
    past = f"before: {words.percent(before.value)}" if before and before.value is not None else ""
    seen = "" if figure.coverage >= 0.9995 else f"{words.percent(figure.coverage)} seen"
    return Tile(
        figure.title or name, words.percent(figure.value), ", ".join(filter(None, (past, seen))), figure.coverage
    )


def _cost_most(facts: ShiftFacts) -> tuple[Part, ...]:
    found = troubles(facts)
    if not found:
        return (Paragraph("No loss was found in this shift."),)
    known = [one for one in found if one.money]
    if known:
        total = sum(one.money or 0 for one in known)
        rows = [(one.label, float(one.money or 0), words.money(one.money, facts.currency)) for one in known]
        chart = bars(
            f"Lost in the shift, {words.money(total, facts.currency)} in all", facts.currency, rows, ON_PAGE_ONE
        )
    else:
        rows = [(one.label, one.seconds / 60, words.duration(one.seconds)) for one in found]
        chart = bars("Lost in the shift", "min", rows, ON_PAGE_ONE)
    return (chart, *_why_dearest(facts))


def _why_dearest(facts: ShiftFacts) -> list[Paragraph]:
    """Why the dearest came about, where the evidence carries it: each cause once."""
    told = {loss.cause: f"{_label(loss)}: {loss.cause}." for loss in reversed(facts.losses) if loss.cause}
    return [Paragraph(text) for text in list(reversed(told.values()))[:EXPLAINED_ON_PAGE_ONE]]


def _label(loss: LossLine) -> str:
    return loss.title if loss.equipment in loss.title else f"{loss.title}, {loss.equipment}"


def _done(facts: ShiftFacts) -> tuple[Part, ...]:
    zone, now = facts.zone, facts.now
    titles = {loss.id: loss.title for loss in facts.losses}
    lines = []
    for item in facts.answers:
        against = f" (against: {titles[item.loss_id]})" if item.loss_id in titles else ""
        who = f" by {item.by}, {words.time_of(item.at, now, zone)}" if item.by and item.at else ""
        lines.append(f"{item.title}{against}: {STATUS_WORDS.get(item.status, item.status)}{who}.")
    for effect in facts.effects:
        saved = f", {words.money(effect.money, facts.currency)} a day" if effect.money else ""
        lines.append(f"{effect.title}: {effect.verdict}{_span(effect.before, effect.after, effect.unit)}{saved}.")
    if not lines:
        return (Paragraph("Nothing was proposed, decided or looked at in this shift."),)
    return tuple(Paragraph(line) for line in lines)


STATUS_WORDS = {
    "pending": "waits for a decision",
    "approved": "approved",
    "rejected": "rejected",
    "expired": "expired, nobody decided",
    "done": "approved and carried out",
    "failed": "approved, but could not be carried out",
}


def _span(before: float | None, after: float | None, unit: str) -> str:
    if before is None or after is None:
        return ""
    return f", from {words.number(before)} to {words.number(after)} {unit}".rstrip()


shift = Report("shift", "Shift report", shift_periods, gather, describe)
