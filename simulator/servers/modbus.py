"""A PLC that speaks Modbus TCP: registers laid out as the plant file's tags say, read-only."""

from __future__ import annotations

import struct

from pymodbus.constants import ExcCodes
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from simulator.plant.layout import ConnectorSpec
from simulator.plant.wire import Wire
from simulator.servers.counts import Counts

FORMATS = {
    "bool": ">H",
    "uint16": ">H",
    "int16": ">h",
    "uint32": ">I",
    "int32": ">i",
    "float32": ">f",
    "uint64": ">Q",
    "int64": ">q",
    "float64": ">d",
}
READS = (1, 2, 3, 4)


class ModbusPlc:
    """One connector's tags on one Modbus server. Refuses and counts every write."""

    def __init__(self, spec: ConnectorSpec, wires: dict[str, Wire], counts: Counts) -> None:
        self.spec, self.counts = spec, counts
        self.wires = {tag.id: wires[tag.id] for tag in spec.tags}
        self._address = {tag.id: _address(tag.id, tag.address) for tag in spec.tags}
        self._format = {tag.id: struct.Struct(FORMATS[tag.type]) for tag in spec.tags}
        size = max(self._address[t] + self._format[t].size // 2 for t in self._address)
        self.registers = [0] * size
        self._low_word_first = spec.options.get("word_order") == "little"
        self._server: ModbusTcpServer | None = None

    async def start(self) -> None:
        data = SimData(0, values=list(self.registers), datatype=DataType.REGISTERS)
        device = SimDevice(int(self.spec.options.get("unit", 1)), data, action=self._asked)
        address = (str(self.spec.options["host"]), int(self.spec.options.get("port", 502)))
        self._server = ModbusTcpServer(device, address=address, trace_pdu=self._count)
        try:
            await self._server.serve_forever(background=True)
        except RuntimeError as error:
            raise OSError(f"{address[0]}:{address[1]}: cannot listen there; is another simulator running?") from error

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus leaves it untyped

    def show(self, values: dict[str, float | str]) -> None:
        """Put engineering values into the registers; tags of other controllers are passed over."""
        for tag, wire in self.wires.items():
            if tag in values:
                self._put(tag, wire.raw(values[tag]))

    def _put(self, tag: str, raw: int | float | str) -> None:
        packer, at = self._format[tag], self._address[tag]
        if isinstance(raw, int) and "I" in packer.format:
            raw %= 1 << 32  # a counter rolls over
        words = list(struct.unpack(f">{packer.size // 2}H", packer.pack(raw)))
        self.registers[at : at + len(words)] = words[::-1] if self._low_word_first else words

    async def _asked(
        self,
        code: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if code not in READS or values is not None:
            return ExcCodes.ILLEGAL_FUNCTION
        registers[:] = self.registers
        return None

    def _count(self, sending: bool, pdu: ModbusPDU) -> ModbusPDU:
        if not sending:
            self.counts.modbus[pdu.function_code] += 1
        return pdu


def _address(tag: str, address: str) -> int:
    table, _, number = address.partition(":")
    if table not in ("holding", "input") or not number.isdigit():
        raise ValueError(
            f"tag {tag}: address {address!r}: the simulated PLC has holding:N and input:N, counted from zero"
        )
    return int(number)
