"""A controller that speaks OPC UA: PackML-shaped objects (Status, Admin) under each machine, no methods, read-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from asyncua import ua
from asyncua.crypto.permission_rules import SimpleRoleRuleset
from asyncua.server.server import Server
from asyncua.ua.object_ids import ObjectIdNames

from simulator.plant.layout import ConnectorSpec
from simulator.plant.wire import Wire
from simulator.servers.counts import WRITING_SERVICES, Counts

NAMESPACE = "urn:lineside:simulator"
TYPES = {
    "text": ua.VariantType.String,
    "bool": ua.VariantType.Boolean,
    "int16": ua.VariantType.Int16,
    "uint16": ua.VariantType.UInt16,
    "int32": ua.VariantType.Int32,
    "uint32": ua.VariantType.UInt32,
    "int64": ua.VariantType.Int64,
    "uint64": ua.VariantType.UInt64,
    "float32": ua.VariantType.Float,
    "float64": ua.VariantType.Double,
}
MAKERS = {"Depalletiser": "Sidel", "Filler": "Krones", "Capper": "Arol", "Labeller": "Sacmi", "Packer": "Kettner"}


class OnlyReading(SimpleRoleRuleset):
    """Counts every service that a session asks for, and refuses those that would change something."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts

    def check_validity(self, user: Any, action_type_id: ua.NodeId, body: Any) -> bool:
        service = ObjectIdNames[int(str(action_type_id.Identifier))].split("Request_")[0]
        self.counts.opcua[service] += 1
        return service not in WRITING_SERVICES


class OpcUaController:
    """One connector's tags on one OPC UA server."""

    def __init__(self, spec: ConnectorSpec, wires: dict[str, Wire], counts: Counts) -> None:
        self.spec, self.counts = spec, counts
        self.wires = {tag.id: wires[tag.id] for tag in spec.tags}
        self.server = Server()
        self._nodes = {tag.id: ua.NodeId.from_string(tag.address) for tag in spec.tags}
        self._shown: dict[str, object] = {}

    async def prepare(self) -> None:
        """Build the tree; nobody can connect yet."""
        await self.server.init()
        self.server.set_endpoint(self.spec.options["url"])
        self.server.set_server_name(f"{self.spec.id} (simulated)")
        self.server.set_security_policy([ua.SecurityPolicyType.NoSecurity], permission_ruleset=OnlyReading(self.counts))
        await self.server.register_namespace(NAMESPACE)
        await self._build()

    async def start(self) -> None:
        await self.server.start()

    async def stop(self) -> None:
        await self.server.stop()

    async def show(self, values: dict[str, float | str], at: dict[str, datetime], now: datetime) -> None:
        """Show engineering values that changed; `at` holds a value's own time where it is not `now`."""
        for tag, wire in self.wires.items():
            if tag in values and self._shown.get(tag) != (raw := wire.raw(values[tag])):
                self._shown[tag] = raw
                await self.server.write_attribute_value(self._nodes[tag], self._data(tag, raw, at.get(tag, now)))

    def _data(self, tag: str, raw: object, at: datetime) -> ua.DataValue:
        kind = TYPES[self.wires[tag].tag.type]
        value = bool(raw) if kind is ua.VariantType.Boolean else raw
        return ua.DataValue(
            ua.Variant(value, kind),
            SourceTimestamp=cast(ua.DateTime, at),
            ServerTimestamp=cast(ua.DateTime, datetime.now(UTC)),
        )

    async def _build(self) -> None:
        """The tree that the node names describe: each part before a dot is an object."""
        objects: dict[str, Any] = {"": self.server.nodes.objects}
        for tag in self.spec.tags:
            node = self._nodes[tag.id]
            parts = str(node.Identifier).split(".")
            for depth in range(1, len(parts)):
                await self._object(objects, parts[:depth], node.NamespaceIndex)
            empty = "" if tag.type == "text" else 0.0 if tag.type.startswith("float") else 0
            variant = self._data(tag.id, empty, datetime.now(UTC)).Value
            parent = objects[".".join(parts[:-1])]
            await parent.add_variable(node, ua.QualifiedName(parts[-1], node.NamespaceIndex), variant)

    async def _object(self, objects: dict[str, Any], parts: list[str], namespace: int) -> None:
        path = ".".join(parts)
        if path in objects:
            return
        name = ua.QualifiedName(parts[-1], namespace)
        objects[path] = await objects[".".join(parts[:-1])].add_object(_id(path, namespace), name)
        if parts[-1] in MAKERS:
            await self._identify(objects[path], path, namespace)

    async def _identify(self, machine: Any, path: str, namespace: int) -> None:
        """Who built the machine, as OPC UA for Machinery has it."""
        folder = await machine.add_object(
            _id(f"{path}.Identification", namespace), ua.QualifiedName("Identification", namespace)
        )
        name = path.rsplit(".", 1)[-1]
        for key, value in {
            "Manufacturer": MAKERS[name],
            "Model": f"{name} 2021",
            "SerialNumber": f"{sum(path.encode()):06d}",
        }.items():
            node = _id(f"{path}.Identification.{key}", namespace)
            await folder.add_property(node, ua.QualifiedName(key, namespace), value)


def _id(name: str, namespace: int) -> ua.NodeId:
    return ua.NodeId.from_string(f"ns={namespace};s={name}")
