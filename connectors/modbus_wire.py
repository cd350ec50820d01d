"""One Modbus TCP connection that can only read, and believes no reply that is not exactly the one it waits for.

A reply that comes late, belongs to another request or unit, or is cut short would give a register a wrong value. So
each ends the connection: nothing that is still under way can be mistaken then. Source: Modbus Messaging on TCP/IP 1.0b.
"""

import asyncio
import struct
from typing import Final, cast

from connectors.connector import LinkLost

READ_COILS: Final = 1
READ_DISCRETE: Final = 2
READ_HOLDING: Final = 3
READ_INPUT: Final = 4
ALLOWED: Final = frozenset({READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT})
"""Function codes that read. Nothing else leaves this computer."""
_REQUEST = struct.Struct(">HHHBBHH")
_HEADER = struct.Struct(">HHHB")
LONGEST_REPLY = 260


class NotARead(PermissionError):
    """Somebody tried to send a function that is not on the allow-list."""


class DeviceRefused(Exception):
    """The device answered with an exception code (1 illegal function, 2 illegal address, 4 failure …)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code}")
        self.code = code


class ModbusWire(asyncio.Protocol):
    """One request at a time. `read` gives the data bytes of the reply; whatever is wrong raises LinkLost for good."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._waiting: asyncio.Future[bytes] | None = None
        self._transaction = 0
        self._expected = (0, 0, 0)

    async def read(self, function: int, unit: int, address: int, count: int, timeout: float) -> bytes:
        """`count` bits or registers from `address` (from zero). Raises DeviceRefused, LinkLost."""
        if function not in ALLOWED:
            raise NotARead(f"Modbus function {function} is not one that reads; nothing was sent.")
        if self._transport is None:
            raise LinkLost(f"{self._name}: the connection is closed.")
        self._transaction = self._transaction % 0xFFFF + 1  # never 0, which careless devices answer with
        size = (count + 7) // 8 if function <= READ_DISCRETE else 2 * count
        self._expected = (unit, function, size)
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(_REQUEST.pack(self._transaction, 0, 6, unit, function, address, count))
        try:
            async with asyncio.timeout(timeout):
                return await self._waiting
        except TimeoutError:
            raise self._end(f"no reply within {timeout:g} s") from None
        finally:
            self._waiting = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods only

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._fail(LinkLost(f"{self._name}: the device closed the connection{f': {error}' if error else '.'}"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        received = self._received
        if len(received) < _HEADER.size + 1:
            return
        transaction, protocol, length, unit = _HEADER.unpack_from(received)
        fault = self._fault(transaction, protocol, length, unit, received[7])
        if fault:
            self._fail(self._end(fault))
        elif len(received) >= 6 + length:
            self._received = b""
            self._take(received, 6 + length)

    def _fault(self, transaction: int, protocol: int, length: int, unit: int, function: int) -> str:
        expected_unit, expected_function, _ = self._expected
        if self._waiting is None or self._waiting.done():
            return "a reply that nobody asked for"
        if transaction != self._transaction:
            return f"a reply to request {transaction} came for request {self._transaction}"
        if protocol != 0 or not 3 <= length <= LONGEST_REPLY - 6:
            return f"a reply that is no Modbus (protocol {protocol}, length {length})"
        if unit != expected_unit:
            return f"unit {unit} replied for unit {expected_unit}"
        if function & 0x7F != expected_function:
            return f"a reply to function {function & 0x7F} came for function {expected_function}"
        return ""

    def _take(self, received: bytes, size: int) -> None:
        assert self._waiting is not None
        expected = self._expected[2]
        if len(received) != size:
            self._fail(self._end(f"{len(received) - size} bytes too many"))
        elif received[7] & 0x80:
            refused = size == 9
            self._fail(DeviceRefused(received[8]) if refused else self._end("an exception reply of a wrong length"))
        elif received[8] != expected or size != 9 + expected:
            self._fail(self._end(f"{received[8]} bytes of data where {expected} were asked for"))
        else:
            self._waiting.set_result(received[9:])

    def _end(self, fault: str) -> LinkLost:
        self.close()
        return LinkLost(f"{self._name}: {fault}; the connection was closed.")

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)


async def connect(host: str, port: int, timeout: float) -> ModbusWire:
    """A fresh connection. Raises LinkLost."""
    name = f"Modbus device {host}:{port}"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout):
            _, wire = await loop.create_connection(lambda: ModbusWire(name), host, port)
    except TimeoutError:
        raise LinkLost(f"{name}: no connection within {timeout:g} s.", remedy="Check address and network.") from None
    except OSError as error:
        raise LinkLost(f"{name}: {error.strerror or error}.", remedy="Check address, port and network.") from error
    return wire
