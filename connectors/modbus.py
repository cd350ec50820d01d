"""Modbus TCP: registers and bits, polled. Only reads leave this computer."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from connectors.connector import Connector, Reading
from connectors.modbus_registers import MOST_REGISTERS, Block, WordOrder, blocks, place_of
from connectors.modbus_wire import DeviceRefused, ModbusWire, connect
from connectors.values import Changes, scaler
from mom.clock import now
from mom.plant.schema import Duration, Tag
from mom.status import BAD_COMMUNICATION, BAD_CONFIGURATION, BAD_DEVICE_FAILURE, BAD_NO_COMMUNICATION

_BAD = {1: BAD_CONFIGURATION, 2: BAD_CONFIGURATION, 3: BAD_CONFIGURATION, 4: BAD_DEVICE_FAILURE}
_BAD |= {10: BAD_NO_COMMUNICATION, 11: BAD_NO_COMMUNICATION}
"""What a device's exception code means for the values that were asked for."""


def _period(value: timedelta) -> timedelta:
    if not timedelta(milliseconds=10) <= value <= timedelta(hours=1):
        raise ValueError("expected 10ms to 1h")
    return value


Period = Annotated[Duration, AfterValidator(_period)]


class Modbus(Connector):
    """Polled every `every`, a tag of its own `every` by that. Values are yielded when they change."""

    protocol: ClassVar[str] = "modbus"
    host: str
    port: int = Field(502, ge=1, le=65535)
    unit: int = Field(1, ge=0, le=255)
    every: Period = timedelta(seconds=1)
    timeout: Period = timedelta(seconds=3)
    word_order: WordOrder = "big"  # of values that take several registers: which word comes first
    most_registers: int = Field(MOST_REGISTERS, ge=1, le=MOST_REGISTERS)  # in one request
    bridge: int = Field(0, ge=0, le=MOST_REGISTERS)  # holes of unnamed registers that may be read over

    @classmethod
    def tag_faults(cls, tag: Tag) -> Iterator[tuple[str, str]]:
        try:
            place_of(tag.address, tag.type)
        except ValueError as error:
            yield "address", str(error)
        if tag.every is not None and not timedelta(milliseconds=10) <= tag.every <= timedelta(hours=1):
            yield "every", f"{tag.every}: expected 10ms to 1h"

    @property
    def grace_s(self) -> float:
        return 2 * self.every.total_seconds()

    async def readings(self) -> AsyncIterator[list[Reading]]:
        wire = await connect(self.host, self.port, self.timeout.total_seconds())
        try:
            async for batch in self._poll(wire):
                yield batch
        finally:
            wire.close()

    async def _poll(self, wire: ModbusWire) -> AsyncIterator[list[Reading]]:
        loop = asyncio.get_running_loop()
        banded = Changes(self.tags) if any(tag.deadband for tag in self.tags) else None
        polls = [Poll(block, self.unit) for group in self._groups().values() for block in group]
        periods = [period for period, group in self._groups().items() for _ in group]
        due = [(loop.time(), number) for number in range(len(polls))]
        while True:
            if (wait := due[0][0] - loop.time()) > 0:
                await asyncio.sleep(wait)
            heard: list[Reading] = []
            moment = loop.time()
            while due[0][0] <= moment:
                number = due[0][1]
                heard += await polls[number].run(wire, self.timeout.total_seconds())
                heapq.heapreplace(due, (_next(due[0][0], periods[number], loop.time()), number))
            yield [reading for reading in heard if banded.is_new(reading)] if banded else heard

    def _groups(self) -> dict[float, list[Block]]:
        periods = sorted({(tag.every or self.every).total_seconds() for tag in self.tags})
        return {
            period: blocks(
                (tag for tag in self.tags if (tag.every or self.every).total_seconds() == period),
                self.word_order,
                self.most_registers,
                self.bridge,
            )
            for period in periods
        }


class Poll:
    """One block, asked for again and again; what is the same as in the last reply is not said again."""

    def __init__(self, block: Block, unit: int) -> None:
        self._block, self._unit = block, unit
        self._last: bytes | int = b""
        self._values: tuple[Any, ...] = (None,) * len(block.tags)
        self._tags = [(tag.id, scaler(tag)) for tag, *_ in block.tags]

    async def run(self, wire: ModbusWire, timeout: float) -> list[Reading]:
        block = self._block
        try:
            data = await wire.read(block.function, self._unit, block.start, block.count, timeout)
        except DeviceRefused as refused:
            return self._refused(refused.code)
        if data == self._last:
            return []
        self._last, before = data, self._values
        self._values = block.decode(data)
        at = now()
        return [
            Reading(tag, at, scaled(value) if scaled else value)
            for (tag, scaled), value, old in zip(self._tags, self._values, before, strict=True)
            if value != old and (value == value or old == old or old is None)  # not a number is unequal to itself
        ]

    def _refused(self, code: int) -> list[Reading]:
        if self._last == code:
            return []
        self._last, self._values = code, (None,) * len(self._tags)
        at, status = now(), _BAD.get(code, BAD_COMMUNICATION)
        return [Reading(tag, at, None, status) for tag, _ in self._tags]


def _next(due: float, period: float, moment: float) -> float:
    """The next turn on the same beat; turns that were missed are left out, not made up for in a rush."""
    missed = max(0, int((moment - due) / period))
    return due + (missed + 1) * period
