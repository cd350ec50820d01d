"""No code of a connector names anything of a client library that changes a controller."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncua import Client, Node, ua
from asyncua.client.ua_client import UaClient
from asyncua.common import methods
from asyncua.common.subscription import Subscription
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.client.mixin import ModbusClientMixin
from pymodbus.pdu.decoders import DecodePDU

CONNECTORS = Path(__file__).resolve().parent.parent / "connectors"
MODBUS_READS = re.compile(
    r"read_(coils|discrete_inputs|holding_registers|input_registers|device_information)"
    r"|Read(Coils|DiscreteInputs|HoldingRegisters|InputRegisters|DeviceInformation)Request"
    r"|convert_(from|to)_registers|DATATYPE"
)
"""Function codes 1 to 4 and 43/14, and what decodes their answers: an allow-list, all else is banned."""
OPCUA_WRITES = re.compile(
    r"write|call|add_|delete(?!_subscriptions|_monitored_items)|history_update|import_xml|new_node|unset_"
    r"|register_(server|namespace)|set_(values?|data_value|attr_bit|event_notifier|modelling_rule|read_only|writable)$"
)
OPCUA_WRITE_REQUESTS = re.compile(
    r"(Write|Call|CallMethod|Add\w+|DeleteNodes|DeleteReferences|HistoryUpdate|RegisterServer2?)Request"
)
WORDS_OF_EVERY_DAY = {"write", "call", "delete", "execute", "register"}
"""Banned where the client library is imported; elsewhere a spool may write to its own file."""
CONDITION_REFRESH = "refresh_conditions"
"""The one method that an OPC UA server may be asked to run, off by default: only a function of this name may ask."""


def public(owner: object) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


def banned_modbus() -> set[str]:
    requests = {request.__name__ for request, _ in DecodePDU.pdu_table.values()}
    own = public(ModbusClientMixin) | {"register"} & public(AsyncModbusTcpClient)
    return {name for name in own | requests if not MODBUS_READS.fullmatch(name)}


def banned_opcua() -> set[str]:
    names = public(Client) | public(Node) | public(UaClient) | public(Subscription) | public(methods)
    requests = {name for name in public(ua) if OPCUA_WRITE_REQUESTS.fullmatch(name)}
    return {name for name in names if OPCUA_WRITES.match(name)} | requests


def named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that is read, called, imported or spelt out as a text (getattr), with its line."""
    allowed = {
        id(node)
        for function in ast.walk(tree)
        if getattr(function, "name", "") == CONDITION_REFRESH
        for node in ast.walk(function)
        if getattr(node, "attr", "") == "call_method"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in allowed:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name.split(".")[-1]


def offences(source: str) -> list[str]:
    tree = ast.parse(source)
    libraries = {name for _, name in named(tree) if name in ("pymodbus", "asyncua")} | {
        (node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    banned = (banned_modbus() | banned_opcua()) - WORDS_OF_EVERY_DAY
    banned |= (banned_modbus() & WORDS_OF_EVERY_DAY) if "pymodbus" in libraries else set()
    banned |= (banned_opcua() & WORDS_OF_EVERY_DAY) if "asyncua" in libraries else set()
    return [f"line {line}: {name}" for line, name in named(tree) if name in banned]


@pytest.mark.parametrize("path", sorted(CONNECTORS.rglob("*.py")), ids=lambda path: path.name)
def test_a_connector_names_no_writing_method(path):
    assert not offences(path.read_text())


def test_what_writes_is_known_by_the_names_of_the_installed_libraries():
    assert {
        "write_register", "write_registers", "write_coil", "write_coils", "mask_write_register", "write_file_record",
        "readwrite_registers", "execute", "diag_restart_communication", "WriteSingleCoilRequest",
    } <= banned_modbus()  # fmt: skip
    assert {
        "write_value", "write_values", "write_attribute", "set_value", "set_values", "call_method", "call",
        "add_nodes", "add_variable", "delete_nodes", "history_update", "WriteRequest", "CallRequest",
    } <= banned_opcua()  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "async def f(client): await client.write_registers(0, [1])",
        "from pymodbus.client import AsyncModbusTcpClient\nasync def f(c, pdu): await c.execute(False, pdu)",
        "from asyncua import Client\nasync def f(node): await node.call_method('2:Reset')",
        "from asyncua import ua\nrequest = ua.WriteRequest()",
        "def f(node): return getattr(node, 'set_value')",
        "from asyncua.common.methods import call_method as ask",
        "import asyncua\nasync def f(client): await client.uaclient.write(None)",
    ],
)
def test_the_gate_closes(source):
    assert offences(source)


@pytest.mark.parametrize(
    "source",
    [
        "import sqlite3\ndef f(db, out): db.execute('select 1'); out.write(b'')",
        "from pymodbus.client import AsyncModbusTcpClient\nasync def f(c): await c.read_holding_registers(0)",
        "from asyncua import Client\nasync def refresh_conditions(node): await node.call_method('i=3875')",
        "from asyncua import Client\nasync def f(c): await c.delete_subscriptions([1])",
    ],
)
def test_the_gate_lets_reading_through(source):
    assert not offences(source)
