"""The simulated plant as a process: `python -m simulator --help`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from simulator.live import Live, real_clock, take_up
from simulator.plant.plant import Plant
from simulator.systems.cmms import Cmms
from simulator.systems.erp import Erp
from simulator.systems.http import application
from simulator.systems.reporting import Reporting
from simulator.systems.sender import Sender

GRACE = 5.0
WATCH_VARIABLE = "LINESIDE_WATCH_FD"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A bottling site behind real Modbus TCP and OPC UA servers, with an ERP and a maintenance system.",
    )
    add = parser.add_argument
    add("--plant", type=Path, default=Path("plant.yaml"), help="the plant file; servers listen where it says")
    add("--seed", type=int, default=7, help="the same seed is the same plant (default 7)")
    add("--days", type=float, default=30.0, help="days of past that the plant has lived through (default 30)")
    add(
        "--past-ends",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="when the loaded past ended, ISO 8601 with zone; default: now",
    )
    add("--state", type=Path, metavar="FILE", help="keep what came in here, and go on from there at the next start")
    add("--product-url", metavar="URL", help="where the systems send their messages, e.g. http://127.0.0.1:8400")
    add(
        "--secrets",
        type=Path,
        metavar="FILE",
        help='JSON, system to signing secret: {"erp": "whsec_…", "cmms": "whsec_…"}',
    )
    add("--hurry", type=float, default=60.0, help="how many times faster than real the maintenance works (default 60)")
    add("--quiet", action="store_true", help="no fresh trouble soon after the start")
    add("--ready-file", type=Path, metavar="FILE", help="written, with the addresses, when everything listens")
    add("--watch-fd", type=int, metavar="N", help="end when this pipe closes, as it does when the parent dies")
    return parser.parse_args()


async def run(args: argparse.Namespace) -> int:
    """Live until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    live = take_up(args.state, args.plant) if args.state else None
    if live is None:
        plant = Plant(args.seed, args.days, now=args.past_ends or real_clock(), plant=args.plant)
        live = Live(plant, args.state)
    await live.start()
    async with contextlib.AsyncExitStack() as stack:
        http = await _systems(live, args, stack)
        if args.ready_file:
            _write_ready(args.ready_file, live, http)
        print(
            f"The plant lives: {len(live.plant.layout.connectors)} controllers, systems at {http or 'none'}.",
            flush=True,
        )
        work = asyncio.create_task(live.run(fresh=not args.quiet))
        waiting = asyncio.create_task(ended.wait())
        await asyncio.wait([work, waiting], return_when=asyncio.FIRST_COMPLETED)
        failed = work.done()
        work.cancel()
        waiting.cancel()
        results = await asyncio.gather(work, return_exceptions=True)
    if failed and isinstance(results[0], Exception):
        raise results[0]
    return 0


async def _systems(live: Live, args: argparse.Namespace, stack: contextlib.AsyncExitStack) -> str | None:
    """Open the doors of ERP and maintenance system; their address, or None without secrets."""
    address = live.plant.layout.systems.get("cmms")
    if args.secrets is None or address is None:
        return None
    secrets: dict[str, str] = json.loads(args.secrets.read_text(encoding="utf-8"))
    product = f"{args.product_url.rstrip('/')}/api/v1/webhooks/in" if args.product_url else ""
    senders = {name: Sender(f"{product}/{name}", secret) for name, secret in secrets.items() if product}
    cmms, erp = Cmms(live, secrets["cmms"], senders.get("cmms"), args.hurry), Erp(live, secrets["erp"])
    app = application(cmms, erp, live.field.counts, asyncio.get_running_loop().time)
    where = urlsplit(address)
    config = uvicorn.Config(
        app, host=where.hostname or "127.0.0.1", port=where.port or 80, log_level="warning", lifespan="off"
    )
    server = Doors(config)
    serving = asyncio.create_task(server.serve())
    await server.listening.wait()
    if serving.done():
        raise OSError(f"{where.netloc}: cannot listen there; is another simulator running?")

    reporting = asyncio.create_task(Reporting(live, senders).run())

    async def close() -> None:
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
        await cmms.close()
        for sender in senders.values():
            await sender.close()
        server.should_exit = True
        await serving

    stack.push_async_callback(close)
    return f"http://{where.netloc}"


class Doors(uvicorn.Server):
    """uvicorn without its own signal handling: the process is ended by `run`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()  # or it could not

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


def _write_ready(path: Path, live: Live, http: str | None) -> None:
    connectors = live.plant.layout.connectors
    facts = {
        "pid": os.getpid(),
        "systems": http,
        "connectors": {c.id: c.options.get("url") or f"{c.options['host']}:{c.options['port']}" for c in connectors},
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(facts), encoding="utf-8")
    fresh.replace(path)


def _watch(pipe: int) -> None:
    """End this process when the parent's end of `pipe` closes, however the parent died."""

    def wait() -> None:
        os.read(pipe, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def main() -> int:
    args = arguments()
    pipe = args.watch_fd if args.watch_fd is not None else os.environ.get(WATCH_VARIABLE)
    if pipe is not None:
        _watch(int(pipe))
    try:
        return asyncio.run(run(args))
    except (OSError, ValueError, KeyError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
