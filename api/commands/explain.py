"""Why a loss happened: causes with their evidence, or what to measure next."""

import argparse
import json
from zoneinfo import ZoneInfo

from mom.causes.cause import Candidate, Diagnosis
from mom.causes.likely import likely
from mom.clock import now
from mom.database.access import open_store
from mom.errors import BadInput
from mom.losses.spoken import cost_words
from mom.models import Loss, Site
from mom.settings import read_settings
from mom.words import duration, money_between, number, span_of

LEAST_NONE = 0.05
"""That it is none of the candidates is said from this probability on."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("loss", metavar="LOSS", help="its number, as `lineside losses` shows it: 12 or loss:12")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


async def run(args: argparse.Namespace) -> int:
    from mom.causes.explain import explain  # numpy takes a moment; --help does without

    digits = args.loss.rpartition(":")[2].lstrip("#")
    if not digits.isdecimal() or len(digits) > 18:
        raise BadInput(f"LOSS is {args.loss!r}: expected a number.", remedy="`lineside losses` lists them.")
    at = now()
    async with open_store(read_settings()) as store, store.read() as session:
        diagnosis = await explain(session, int(digits), at)
        loss = await session.get_one(Loss, diagnosis.loss_id)
        site = await session.get_one(Site, loss.site_id)
    if args.json:
        print(json.dumps(diagnosis.as_json()))
        return 0
    when = span_of(loss.started_at, loss.ended_at, at, ZoneInfo(site.time_zone))
    lost = f"{loss.title}, {when}: {duration(loss.seconds)}, {number(loss.units, 0)} pieces{_cost(loss, site.currency)}"
    print(words(diagnosis, lost))
    return 0


def _cost(loss: Loss, currency: str) -> str:
    """What it cost, with its interval, and what that was reckoned from."""
    if loss.money is None:
        return "."
    low, high = (None if amount is None else round(amount) for amount in (loss.money_low, loss.money_high))
    return f", {money_between(round(loss.money), low, high, currency)}.\n{cost_words(loss, currency)}".rstrip()


def words(diagnosis: Diagnosis, lost: str) -> str:
    """As one would tell it at the line: the cause or what to measure first, then why, then what else it could be."""
    best, others = diagnosis.candidates[:1], diagnosis.candidates[1:]
    lines = [_headline(diagnosis), lost, ""]
    if diagnosis.sufficient:
        lines += [line for candidate in best for line in _case(candidate)]
        lines += [f"  next      {diagnosis.measure_next}"] if diagnosis.measure_next else []
    else:
        others = diagnosis.candidates
    lines += [f"  before    {e.text}{_refs(e.refs)}" for e in diagnosis.past]
    if others:
        lines += ["", "Also possible:" if diagnosis.sufficient else "Too weak to act on:"]
        lines += [line for candidate in others for line in _short(candidate)]
    if diagnosis.none >= LEAST_NONE:
        lines += ["", f"None of these: {_percent(diagnosis.none)}."]
    return "\n".join(line for line in lines)


def _headline(diagnosis: Diagnosis) -> str:
    if not diagnosis.sufficient:
        return f"I cannot tell yet. Next: {diagnosis.measure_next}"
    best = diagnosis.candidates[0]
    return f"{likely(best.score).capitalize()} ({_percent(best.score)}): {best.subject}."


def _case(candidate: Candidate) -> list[str]:
    return [
        *(f"  for       {e.text}{_refs(e.refs)}" for e in candidate.evidence),
        *(f"  against   {e.text}{_refs(e.refs)}" for e in candidate.against),
        *([f"  not so if {candidate.refuted_by}"] if candidate.refuted_by else []),
    ]


def _short(candidate: Candidate) -> list[str]:
    """One line, and one for what speaks for and against it."""
    told = [f"for: {e.text}{_refs(e.refs)}" for e in candidate.evidence[:1]]
    told += [f"against: {e.text}{_refs(e.refs)}" for e in candidate.against[:1]]
    return [f"  {_percent(candidate.score):>6}  {candidate.subject}", *(f"          {line}" for line in told)]


def _percent(share: float) -> str:
    """Never 0 or 100: no evidence here is a proof."""
    return "over 99 %" if share > 0.99 else "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _refs(refs: tuple[str, ...]) -> str:
    return f"  [{', '.join(refs[:3])}{' …' if len(refs) > 3 else ''}]" if refs else ""
