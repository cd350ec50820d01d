"""Checks every connection and setting; each fault is told with its remedy. It changes nothing."""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from api.checkup import findings
from mom.settings import Settings, read_settings

SIGNS: Mapping[str, str] = {"ok": "ok   ", "fault": "FAULT", "off": "-    "}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plant", type=Path, metavar="FILE", help="the plant file (default: the one that runs here)")
    parser.add_argument("--json", action="store_true", help='print a list of {"check", "state", "said", "remedy"}')
    parser.epilog = "Exit status 1 if anything is at fault."


async def run(args: argparse.Namespace) -> int:
    settings, found = read_settings(), []
    async for finding in findings(settings, args.plant or plant_of(settings)):
        found.append(finding)
        if not args.json:
            print(f"{SIGNS[finding.state]} {finding.check}: {finding.said}", flush=True)
            if finding.remedy:
                print(f"      {finding.remedy}")
    faults = sum(finding.state == "fault" for finding in found)
    if args.json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        print(f"{faults} {'fault' if faults == 1 else 'faults'}." if faults else "All is well.")
    return 1 if faults else 0


def plant_of(settings: Settings) -> Path:
    """The demo's own plant file on a home that has one, unless another is named."""
    demo = settings.home / "demo" / "plant.yaml"
    return demo if demo.exists() and not os.environ.get("LINESIDE_PLANT") else settings.plant
