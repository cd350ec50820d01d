"""Scores answers, losses and causes: the chat's cases, fresh simulated plants, recorded machines, reference data."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.suite import Result, Suite

NEEDS_DEVELOPMENT_SET = True


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("suite", nargs="?", default="chat", help="which suite (default: chat); `list` names them all")
    parser.add_argument("row", nargs="?", help="one case of it, by its name")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="real data, for suites that need it")
    parser.add_argument(
        "--seed", type=int, help="the first seed of the plants that are drawn (default: the suite's own)"
    )
    parser.add_argument("--plants", type=int, metavar="N", help="how many plants are drawn")
    parser.add_argument("--short", action="store_true", help="the short form that runs with the tests")
    parser.add_argument("--json", action="store_true", help="suite, cases, passed, scores and failures as JSON")


async def run(args: argparse.Namespace) -> int:
    """Exit 0 when every case is right; of suites with aims, when every score reaches its own."""
    from evals.suite import suites

    if args.suite == "list":
        known = {"chat": "questions in the plant's words, answered by the agents"}
        known |= {name: suite.says for name, suite in suites().items()}
        print(
            json.dumps(known, indent=2) if args.json else "\n".join(f"{name:12} {says}" for name, says in known.items())
        )
        return 0
    _quiet()
    with tempfile.TemporaryDirectory(prefix="lineside-eval-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - as root the database is another user's
        suite = suites().get(args.suite)
        return await (_scored(suite, args, Path(folder)) if suite else _chat(args, Path(folder)))


async def _scored(suite: "Suite", args: argparse.Namespace, folder: Path) -> int:
    from evals.suite import Asked, checked
    from mom.settings import read_settings

    settings = read_settings().model_copy(update={"home": folder / "home", "database_url": None})
    tell = _silent if args.json else _progress
    given = {name: getattr(args, name) for name in ("data", "row", "seed", "plants", "short")}
    result = await suite.run(checked(suite, Asked(settings, folder, tell, **given)))
    print(json.dumps(result.as_json(), ensure_ascii=False, indent=2) if args.json else told(result))
    return 0 if result.right else 1


async def _chat(args: argparse.Namespace, folder: Path) -> int:
    from agents.model import choose
    from agents.planner.planner import Planner
    from evals import plant
    from evals.chat.run import load
    from evals.chat.run import run as run_cases
    from mom.database.access import open_store
    from mom.records.written import load_records
    from mom.settings import read_settings

    dataset = load(args.suite, args.row)
    settings = read_settings().model_copy(update={"home": folder / "home", "database_url": None})
    async with open_store(settings) as store:
        built = await plant.build(store, settings, load_records, folder / "spool")
        result = await run_cases(store, settings, built, Planner(), dataset)
        if settings.has_model:
            result["with_model"] = await run_cases(store, settings, built, choose(settings), dataset)
    print(json.dumps(result, ensure_ascii=False, indent=2) if args.json else _cases_told(result))
    return 0 if not result["failures"] else 1


def told(result: "Result") -> str:
    """The result as a person reads it: the scores against their aims, the table, the failures."""
    lines = [f"{result.suite}: {result.passed} of {result.cases} are right.", ""]
    wide = max((len(name) for name in (*result.scores, *result.aims)), default=0)
    for name, score in result.scores.items():
        low_high = result.intervals.get(name)
        interval = f"  ({low_high[0]:.3f} to {low_high[1]:.3f})" if low_high else ""
        aim = result.aims.get(name, "")
        verdict = "" if not aim else "  reached" if result.reaches(name) else "  SHORT"
        lines.append(f"  {name:{wide}} {score:8.3f}{interval}{'  aim ' + aim if aim else ''}{verdict}")
    absent = {name: aim for name, aim in result.aims.items() if name not in result.scores}
    lines += [f"  {name:{wide}} {'none':>8}  aim {aim}  SHORT" for name, aim in absent.items()]
    lines += ["", *_table(result.table)] if result.table else []
    lines += ["", *(f"  not right: {_plain(failure)}" for failure in result.failures)] if result.failures else []
    return "\n".join([*lines, *(["", *result.notes] if result.notes else [])])


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(rows[0])
    cells = [names, *[[_cell(row.get(name)) for name in names] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(failure: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_cell(value)}" for name, value in failure.items())


def _cases_told(result: dict[str, Any]) -> str:
    lines = [f"{result['suite']}, {result['model']}: {result['passed']} of {result['cases']} cases are right."]
    lines += [f"  {name}: {100 * score:.1f} %" for name, score in result["scores"].items()]
    for failure in result["failures"]:
        wrong = "; ".join(f"{name}: {why}" for name, why in failure["wrong"].items())
        lines.append(f"  {failure['case']}: {wrong}")
    if "with_model" in result:
        lines.append(_cases_told(result["with_model"]))
    return "\n".join(lines)


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _silent(words: str) -> None:
    """`--json`: nothing beside the data."""


def _quiet() -> None:
    """No log lines between the cases."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
