"""Replays a recorded machine: a real OPC UA server shows the recording, the collector takes it like any machine."""

import argparse
import json
import logging
import socket
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mom.errors import BadInput
from mom.settings import ROOT, read_settings

if TYPE_CHECKING:
    from api.replaying import Outcome
    from simulator.recording import Recording

PLANT = ROOT / "examples" / "cnc-lathe" / "plant.yaml"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", type=Path, metavar="FOLDER", help="a folder with one recording, or its CSV file")
    parser.add_argument("--speed", type=float, default=60.0, metavar="X", help="so many seconds in one (60)")
    parser.add_argument("--plant", type=Path, default=PLANT, metavar="FILE", help="the machine's plant file")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


async def run(args: argparse.Namespace) -> int:
    """0: every change was stored, none twice."""
    if args.speed <= 0:
        raise BadInput(f"--speed is {args.speed:g}: expected more than 0, such as 60 for a minute in a second.")
    recording = read(args.recording)
    from api.replaying import replay  # asyncua takes over a second to import
    from connectors.check import check_plant
    from mom.database.access import open_store
    from simulator.replay import serve

    async def serving(start: datetime, ready: Callable[[str], None]) -> object:
        return await serve(args.recording, free_port(), args.speed, start, ready=ready)

    logging.getLogger("asyncua").setLevel(logging.CRITICAL)  # what a person should know, we say
    settings, plant = read_settings(), check_plant(args.plant)
    if [connector.protocol for connector in plant.connectors] != ["opcua"]:
        raise BadInput(f"{args.plant}: a recording is replayed over one connector, of the protocol opcua.")
    async with open_store(settings) as store:
        outcome = await replay(settings, store, plant, recording, serving)
    print(json.dumps(asdict(outcome), default=str) if args.json else as_text(outcome))
    return 0 if outcome.is_whole else 1


def read(path: Path) -> "Recording":
    from simulator.recording import BadRecording, read_recording

    try:
        return read_recording(path)
    except FileNotFoundError as error:
        raise BadInput(f"{path}: there is no such file or folder.", remedy="Check the name.") from error
    except (BadRecording, OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{error}.", remedy="Name a folder with one recording, or its file.") from error


def as_text(outcome: "Outcome") -> str:
    lines = [
        f"{outcome.recording}: {outcome.offered:,} changes offered, {outcome.stored:,} stored, {outcome.twice} twice.",
        f"At {outcome.site} from {outcome.start:%Y-%m-%d %H:%M:%S} to {outcome.end:%H:%M:%S} UTC.",
        f"Alarms: {len(outcome.alarms)}, stopping: {sum(a['stops'] for a in outcome.alarms)}; "
        f"stops: {len(outcome.stops)}; losses: {len(outcome.losses)}.",
    ]
    lines += [f"  stop  {seconds(stop)}  {stop['reason'] or 'unclassified'}" for stop in outcome.stops]
    lines += [f"  loss  {seconds(loss)}  {loss['title']}" for loss in outcome.losses]
    if outcome.unnamed:
        lines.append(f"Not in the plant file, kept as signals ({len(outcome.unnamed)}): {', '.join(outcome.unnamed)}.")
    if outcome.gaps or outcome.waiting:
        lines.append(f"On record: {outcome.gaps} gaps, {outcome.waiting} refused values.")
    return "\n".join(lines)


def seconds(row: dict[str, float | None]) -> str:
    return f"{row['seconds'] or 0:6.1f} s" if row["seconds"] is not None else "still on "


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
