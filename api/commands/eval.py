"""Runs the eval cases: the built-in planner and, when one is configured, the language model, on a simulated plant."""

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

NEEDS_DEVELOPMENT_SET = True


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("suite", nargs="?", default="chat", help="which cases (chat)")
    parser.add_argument("row", nargs="?", help="one case of it, by its name")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="real data, for suites that need it")
    parser.add_argument("--json", action="store_true", help="suite, cases, passed, scores and failures as JSON")


async def run(args: argparse.Namespace) -> int:
    """Exit 0 when every case of the built-in planner is right."""
    from agents.model import choose
    from agents.planner.planner import Planner
    from api.demo_past import load_records
    from evals import plant
    from evals.run import load
    from evals.run import run as run_cases
    from mom.database.access import open_store
    from mom.settings import read_settings

    _quiet()
    dataset = load(args.suite, args.row)
    with tempfile.TemporaryDirectory(prefix="lineside-eval-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - as root the database is another user's
        settings = read_settings().model_copy(update={"home": Path(folder) / "home", "database_url": None})
        async with open_store(settings) as store:
            built = await plant.build(store, settings, load_records, Path(folder) / "spool")
            result = await run_cases(store, settings, built, Planner(), dataset)
            if settings.has_model:
                result["with_model"] = await run_cases(store, settings, built, choose(settings), dataset)
    print(json.dumps(result, ensure_ascii=False, indent=2) if args.json else _told(result))
    return 0 if not result["failures"] else 1


def _told(result: dict[str, Any]) -> str:
    lines = [f"{result['suite']}, {result['model']}: {result['passed']} of {result['cases']} cases are right."]
    lines += [f"  {name}: {100 * score:.1f} %" for name, score in result["scores"].items()]
    for failure in result["failures"]:
        wrong = "; ".join(f"{name}: {why}" for name, why in failure["wrong"].items())
        lines.append(f"  {failure['case']}: {wrong}")
    if "with_model" in result:
        lines.append(_told(result["with_model"]))
    return "\n".join(lines)


def _quiet() -> None:
    """No log lines between the cases."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
