"""Why a loss happened: causes with their evidence, or what to measure next."""

import argparse
import json
from zoneinfo import ZoneInfo

from mom.causes.cause import Diagnosis
from mom.clock import now
from mom.database.access import open_store
from mom.errors import BadInput
from mom.models import Loss, Site
from mom.settings import read_settings
from mom.words import duration, money, number, span_of


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
    cost = "" if loss.money is None else f", {money(round(loss.money), site.currency)}"
    print(f"{loss.title}, {when}: {duration(loss.seconds)}, {number(loss.units, 0)} pieces{cost}.")
    print(words(diagnosis))
    return 0


def words(diagnosis: Diagnosis) -> str:
    """As one would tell it at the line."""
    lines = [diagnosis.summary, *([""] if diagnosis.candidates else [])]
    for place, candidate in enumerate(diagnosis.candidates, 1):
        lines.append(f"{place}. {candidate.subject}  (evidence {100 * candidate.score:.0f} of 100)")
        lines += [f"   for:     {e.text}{_refs(e.refs)}" for e in candidate.evidence]
        lines += [f"   against: {e.text}{_refs(e.refs)}" for e in candidate.against]
        if candidate.refuted_by:
            lines.append(f"   not so if: {candidate.refuted_by}")
    if diagnosis.measure_next:
        lines += ["", f"Next: {diagnosis.measure_next}"]
    return "\n".join(lines)


def _refs(refs: tuple[str, ...]) -> str:
    return f"  [{', '.join(refs[:3])}{' …' if len(refs) > 3 else ''}]" if refs else ""
