"""Letters go to public addresses, or to those that the plant lists: all else is refused before a socket is opened."""

import asyncio
import ipaddress
from typing import Any

import httpcore2
import pytest

from api.outward import Guarded, may_reach, post, resolve
from mom.errors import NotAllowed, Unavailable

PUBLIC = "93.184.216.34"
REFUSED = """
127.0.0.1 127.8.9.10 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.9.9 192.168.1.1 192.0.0.1 192.0.2.7
198.18.0.1 198.51.100.1 203.0.113.9 100.64.0.1 100.127.1.1 169.254.169.254 169.254.0.1 224.0.0.1 239.1.1.1 240.0.0.1
255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1 fd00:ec2::254 100::1 2001:db8::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.1.2.3 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101:: 2002:a9fe:a9fe:: 2001:0:4136:e378:8000:63bf:80ff:fffe
""".split()  # noqa: SIM905
NAMES = ["localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1.", "[::1]", "[::ffff:7f00:1]", "0"]
ODD_URLS = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "//example.com/", "http:///x", "http://user:pw@example.com/",
    "unix:///var/run/docker.sock",
]  # fmt: skip


class Connector(httpcore2.AsyncNetworkBackend):
    """Records who would have been called, and calls nobody."""

    def __init__(self) -> None:
        self.called: list[str] = []

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        self.called.append(host)
        raise OSError("nobody is called in this test")


def resolver(*answers: list[str]):
    asked: list[str] = []
    left = list(answers)

    async def answer(host: str, port: int) -> list[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return answer, asked


@pytest.mark.parametrize("address", REFUSED)
async def test_a_name_at_such_an_address_is_refused_before_a_socket_is_opened(address):
    connector = Connector()
    answer, asked = resolver([address])
    with pytest.raises(NotAllowed, match="not a public address"):
        await post("https://hooks.example.com/x", {}, b"{}", Guarded(private=False, resolve=answer, inner=connector))
    assert (asked, connector.called) == (["hooks.example.com"], [])


@pytest.mark.parametrize("name", NAMES)
async def test_an_address_written_in_any_way_is_refused(name):
    connector = Connector()
    with pytest.raises((NotAllowed, Unavailable)):
        await post(f"http://{name}/x", {}, b"{}", Guarded(private=False, resolve=resolve, inner=connector))
    assert connector.called == []


@pytest.mark.parametrize("url", ODD_URLS)
async def test_only_plain_http_addresses_are_called(url):
    connector = Connector()
    with pytest.raises(NotAllowed):
        await post(url, {}, b"{}", Guarded(private=True, resolve=resolver([PUBLIC])[0], inner=connector))
    assert connector.called == []


async def test_a_name_with_one_address_inside_is_refused_whole():
    connector = Connector()
    guard = Guarded(private=False, resolve=resolver([PUBLIC, "10.0.0.1"])[0], inner=connector)
    with pytest.raises(NotAllowed):
        await post("https://hooks.example.com/", {}, b"{}", guard)
    assert connector.called == []


async def test_what_was_resolved_is_what_is_called_though_the_name_moves_on():
    connector = Connector()
    answer, asked = resolver([PUBLIC], ["127.0.0.1"])
    with pytest.raises(Unavailable):
        await post("http://hooks.example.com/", {}, b"{}", Guarded(private=False, resolve=answer, inner=connector))
    assert (asked, connector.called) == (["hooks.example.com"], [PUBLIC])


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("10.1.1.1", True), ("169.254.169.254", False), ("fe80::1", False), ("0.0.0.0", False)],
)
def test_the_plants_own_addresses_may_be_reached_but_never_metadata(address, own):
    assert may_reach(ipaddress.ip_address(address), private=True) is own


async def test_a_redirect_is_not_followed(free_port):
    asked = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", free_port)
    async with server:
        got = await post(f"http://127.0.0.1:{free_port}/", {"a": "b"}, b"{}", Guarded(private=True))
    assert (got.status, len(asked)) == (307, 1)
