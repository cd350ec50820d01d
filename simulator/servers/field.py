"""All simulated controllers of the site together."""

from __future__ import annotations

from datetime import datetime

from simulator.plant.layout import Layout
from simulator.plant.wire import Wire
from simulator.servers.counts import Counts
from simulator.servers.modbus import ModbusPlc
from simulator.servers.opcua import OpcUaController


class Field:
    """One server for each connector of the plant file."""

    def __init__(self, layout: Layout, wires: dict[str, Wire]) -> None:
        self.counts = Counts()
        self.plcs = [ModbusPlc(c, wires, self.counts) for c in layout.connectors if c.protocol == "modbus"]
        self.controllers = [OpcUaController(c, wires, self.counts) for c in layout.connectors if c.protocol == "opcua"]

    async def start(self, values: dict[str, float | str], now: datetime) -> None:
        """Listen; `values` stand there before anybody can look, so that no counter ever seems to begin at 0."""
        for controller in self.controllers:
            await controller.prepare()
        await self.show(values, {}, now)
        for plc in self.plcs:
            await plc.start()
        for controller in self.controllers:
            await controller.start()

    async def stop(self) -> None:
        for plc in self.plcs:
            await plc.stop()
        for controller in self.controllers:
            await controller.stop()

    async def show(self, values: dict[str, float | str], at: dict[str, datetime], now: datetime) -> None:
        for plc in self.plcs:
            plc.show(values)
        for controller in self.controllers:
            await controller.show(values, at, now)
