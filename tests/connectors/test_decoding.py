"""Golden vectors: the registers of SunSpec's types and their values, and how tags are put into requests."""

import math

import pytest

from connectors.modbus_registers import blocks, decoder, place_of
from mom.plant.schema import Tag, TagType

VECTORS = [
    ("int16", "fffe", "big", -2),
    ("uint16", "fffe", "big", 65534),
    ("int32", "ffff fffe", "big", -2),
    ("uint32", "0001 0002", "big", 65538),
    ("uint32", "0001 0002", "little", 131073),
    ("int64", "ffff ffff ffff fffe", "big", -2),
    ("uint64", "0000 0001 0002 0003", "big", 0x100020003),
    ("uint64", "0003 0002 0001 0000", "little", 0x100020003),
    ("float32", "4248 f5c3", "big", 50.24000167846680),
    ("float32", "f5c3 4248", "little", 50.24000167846680),
    ("float64", "4009 21fb 5444 2d18", "big", math.pi),
    ("float64", "2d18 5444 21fb 4009", "little", math.pi),
    ("bool", "0000", "big", False),
    ("bool", "0100", "big", True),
    ("text", "5375 6e53 7065 6300", "big", "SunSpec"),
    ("text", "c3a9 2020", "big", "é"),
    ("text", "e920", "big", "é"),
]


@pytest.mark.parametrize(("kind", "words", "order", "value"), VECTORS)
def test_a_value_from_its_registers(kind, words, order, value):
    data = b"\xaa\xaa" + bytes.fromhex(words)
    address = "holding:0:4" if kind == "text" else "holding:0"
    assert decoder(place_of(address, TagType(kind)), TagType(kind), order)(data, 2) == value


def test_bits():
    assert [
        decoder(place_of(f"input:3.{bit}", TagType.bool), TagType.bool, "big")(b"\x80\x01", 0) for bit in (0, 1, 15)
    ] == [
        True,
        False,
        True,
    ]
    coil = decoder(place_of("coil:9", TagType.bool), TagType.bool, "big")
    assert [coil(b"\x05\x02", bit) for bit in (0, 1, 2, 9)] == [True, False, True, True]


def tag(name, address, kind="uint16"):
    return Tag(id=name, address=address, type=kind, equipment="x")


def test_neighbours_are_read_together():
    tags = [tag("a", "holding:0"), tag("b", "holding:1", "uint32"), tag("c", "holding:3"), tag("d", "holding:5")]
    tags += [tag("e", "input:4"), tag("f", "coil:7", "bool"), tag("g", "coil:8", "bool")]
    asked = [(b.function, b.start, b.count) for b in blocks(tags, "big")]
    assert asked == [(1, 7, 2), (3, 0, 4), (3, 5, 1), (4, 4, 1)]
    assert [(b.start, b.count) for b in blocks(tags[:4], "big", bridge=1)] == [(0, 6)]


def test_no_request_is_longer_than_the_device_allows():
    many = [tag(str(n), f"holding:{n}") for n in range(300)]
    assert [(b.start, b.count) for b in blocks(many, "big")] == [(0, 125), (125, 125), (250, 50)]
    wide = [tag(str(n), f"holding:{2 * n}", "uint32") for n in range(100)]
    assert [b.count for b in blocks(wide, "big")] == [124, 76]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("40001", "uint16"),
        ("holding:-1", "uint16"),
        ("holding:65535", "uint32"),
        ("holding:70000", "uint16"),
        ("holding:1.16", "bool"),
        ("holding:1.3", "uint16"),
        ("holding:1", "text"),
        ("holding:1:200", "text"),
        ("holding:1:2", "uint32"),
        ("coil:1", "uint16"),
        ("holdin:1", "uint16"),
    ],
)
def test_a_wrong_address_says_what_was_expected(address, kind):
    with pytest.raises(ValueError, match="expected|says its length|last register|has a length|a bit is"):
        place_of(address, TagType(kind))
