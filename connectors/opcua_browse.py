"""What an OPC UA server offers: its variables, found by browsing. Nothing but browse and read is sent."""

from asyncua import ua
from asyncua.common.node import Node

from connectors.connector import LinkLost
from connectors.opcua_client import LookingClient
from mom.plant.schema import TagType

DEEPEST = 12
_TYPES = {
    ua.VariantType.Boolean: TagType.bool,
    ua.VariantType.Int16: TagType.int16,
    ua.VariantType.UInt16: TagType.uint16,
    ua.VariantType.Int32: TagType.int32,
    ua.VariantType.UInt32: TagType.uint32,
    ua.VariantType.Int64: TagType.int64,
    ua.VariantType.UInt64: TagType.uint64,
    ua.VariantType.Float: TagType.float32,
    ua.VariantType.Double: TagType.float64,
}


async def browse(url: str, timeout: float = 4.0) -> dict[str, tuple[str, TagType]]:
    """Every variable below Objects that is not the server's own: its node id, its name and type. Raises LinkLost."""
    try:
        async with LookingClient(url, timeout) as client:
            return await _below(client.nodes.objects, DEEPEST)
    except (OSError, TimeoutError, ua.uaerrors.UaError) as error:
        raise LinkLost(f"{url}: cannot be browsed: {error}", remedy="Check address and network.") from error


async def _below(node: Node, deepest: int) -> dict[str, tuple[str, TagType]]:
    found: dict[str, tuple[str, TagType]] = {}
    for child in await node.get_children():
        if child.nodeid.NamespaceIndex == 0:
            continue
        if await child.read_node_class() == ua.NodeClass.Variable:
            kind = _TYPES.get(await child.read_data_type_as_variant_type(), TagType.text)
            found[child.nodeid.to_string()] = ((await child.read_browse_name()).Name or "", kind)
        elif deepest:
            found |= await _below(child, deepest - 1)
    return found
