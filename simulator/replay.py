"""A recording served by a real OPC UA server: each change at its time, faster if wanted, with its own source time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from asyncua import ua
from asyncua.server.server import Server

from simulator.recording import Change, Kind, Recording, read_recording
from simulator.servers.counts import Counts
from simulator.servers.opcua import OnlyReading

NAMESPACE = "urn:lineside:replay"
APART = 0.04
"""Least seconds between two changes of one node. A subscriber with queues of ten and a message every 250 ms then
gets every one; a burst that came faster is stretched, and its source times stay what they were."""
SETTLED = 1.0  # seconds without another subscription after which the listeners are complete
PATIENCE = 60.0  # seconds that a listener may take to come
LINGER = 2.0  # seconds after the last change in which it is fetched
TYPES: dict[Kind, ua.VariantType] = {
    "bool": ua.VariantType.Boolean,
    "number": ua.VariantType.Double,
    "text": ua.VariantType.String,
}


@dataclass(frozen=True)
class Played:
    """What was served: nodes, changes (the first values included), and how long it took."""

    nodes: int
    changes: int
    seconds: float


class Replay:
    """The server of one recording, at `opc.tcp://127.0.0.1:PORT/replay`; a node's id is `ns=2;s=` and its name.

    Source times are `start` and the recording's seconds: give a `start` that far back when they should not lie ahead.
    """

    def __init__(self, recording: Recording, port: int, speed: float, start: datetime) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}: expected more than 0, such as 60 for a minute in a second")
        if start.tzinfo is None:
            raise ValueError(f"start is {start}: expected a time with its zone")
        self.recording, self.speed, self.start = recording, speed, start.astimezone(UTC)
        self.url = f"opc.tcp://127.0.0.1:{port}/replay"
        self.counts = Counts()
        self._server = Server()
        self._first, self._later = _split(recording)

    async def __aenter__(self) -> Self:
        await self._server.init()
        self._server.set_endpoint(self.url)
        self._server.set_server_name(f"Recording {self.recording.name}")
        self._server.set_security_policy(
            [ua.SecurityPolicyType.NoSecurity], permission_ruleset=OnlyReading(self.counts)
        )
        await self._server.register_namespace(NAMESPACE)
        folder = await self._server.nodes.objects.add_object(_id("Recording"), ua.QualifiedName(self.recording.name, 2))
        for node, change in self._first.items():
            variant = ua.Variant(change.value, TYPES[self.recording.kinds[node]])
            await folder.add_variable(_id(node), ua.QualifiedName(node, 2), variant)
            await self._show(change)
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._server.stop()

    async def listened(self, patience: float = PATIENCE) -> bool:
        """Wait until somebody has subscribed; False when nobody did in `patience` seconds."""
        loop = asyncio.get_running_loop()
        ends, seen, since = loop.time() + patience, 0, loop.time()
        while loop.time() < ends:
            await asyncio.sleep(0.05)
            now = self.counts.opcua["CreateMonitoredItems"]
            if now != seen:
                seen, since = now, loop.time()
            elif seen and loop.time() - since > SETTLED:
                return True
        return False

    async def play(self) -> Played:
        """Show every change in its order; returns when the last one was shown."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        free: dict[str, float] = {}
        for change in self._later:
            due = max(began + change.time_s / self.speed, free.get(change.node, 0.0))
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            await self._show(change)
            free[change.node] = loop.time() + APART
        return Played(len(self._first), len(self._first) + len(self._later), loop.time() - began)

    async def _show(self, change: Change) -> None:
        at = self.start + timedelta(seconds=change.time_s)
        value = ua.DataValue(
            ua.Variant(change.value, TYPES[self.recording.kinds[change.node]]),
            SourceTimestamp=cast(ua.DateTime, at),
            ServerTimestamp=cast(ua.DateTime, datetime.now(UTC)),
        )
        await self._server.write_attribute_value(_id(change.node), value)


async def serve(
    recording: Path, port: int, speed: float, start: datetime, *, ready: Callable[[str], None] | None = None
) -> Played:
    """Serve `recording` once to whoever subscribes, at `speed` times its pace; returns when all was shown and fetched.

    `ready` is told the server's address when it listens. Raises BadRecording for a file that is none, and TimeoutError
    when nobody subscribed.
    """
    async with Replay(read_recording(recording), port, speed, start) as replay:
        if ready:
            ready(replay.url)
        if not await replay.listened():
            raise TimeoutError(f"{replay.url}: nobody subscribed within {PATIENCE:g} s")
        played = await replay.play()
        await asyncio.sleep(LINGER)
        return played


def _split(recording: Recording) -> tuple[dict[str, Change], list[Change]]:
    """Each node's first value, which it shows from the beginning, and all later changes."""
    first: dict[str, Change] = {}
    later: list[Change] = []
    for change in recording.changes:
        if change.node in first or change.time_s > 0:
            later.append(change)
        first.setdefault(change.node, change)
    return first, [change for change in later if first[change.node] is not change]


def _id(node: str) -> ua.NodeId:
    return ua.NodeId.from_string(f"ns=2;s={node}")
