"""HTTP to addresses that others named: resolved once, checked, connected to just what was resolved, not redirected.

What is refused is refused before a socket is opened. TLS still checks the name that was given.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from mom.address import checked_address
from mom.errors import NotAllowed, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
SECONDS = 15.0
TIMEOUTS = {"connect": SECONDS, "read": SECONDS, "write": SECONDS, "pool": SECONDS}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str  # its first part, for a person


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system's resolver tells them."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"{host}: the name cannot be resolved ({error}).") from error
    return list(dict.fromkeys(str(about[4][0]) for about in found))


def may_reach(address: Address, *, private: bool) -> bool:
    """Whether a letter may go there. `private`: the plant lists it as its own; link-local (metadata) it may not."""
    inner = embedded(address)
    if inner is not None:
        return may_reach(inner, private=private)
    if address.is_unspecified or address.is_multicast or address.is_link_local or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:  # given up long ago, and never public
        return private
    return address.is_global or (private and (address.is_private or address.is_loopback))


def embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo, NAT64, compatible."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in NAT64 or (1 < int(address) < 2**32):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class Guarded(httpcore2.AsyncNetworkBackend):
    """Opens sockets to allowed addresses only."""

    def __init__(
        self, *, private: bool, resolve: Resolve = resolve, inner: httpcore2.AsyncNetworkBackend | None = None
    ) -> None:
        self._private = private
        self._resolve = resolve
        self._inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        for text in addresses:
            if not may_reach(ipaddress.ip_address(text.partition("%")[0]), private=self._private):
                raise NotAllowed(
                    f"{host} is at {text}, which is not a public address.",
                    remedy="If it is the plant's own, set allow_private: true for that system in the plant file.",
                )
        if not addresses:
            raise Unavailable(f"{host}: the name has no address.")
        return await self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        raise NotAllowed("Letters do not go to sockets of this computer.")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def check_url(url: str) -> str:
    """The address in ASCII. Raises NotAllowed for what is no plain http(s) address."""
    try:
        return checked_address(url)
    except ValueError as error:
        raise NotAllowed(f"{error}.", remedy="Correct the address.") from error


async def post(url: str, headers: dict[str, str], body: bytes, backend: httpcore2.AsyncNetworkBackend) -> Answer:
    """One attempt. NotAllowed: it may not go there. Unavailable: nobody answered. A redirect is not followed."""
    url = check_url(url)
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    fields += [
        (b"host", urlsplit(url).netloc.encode()),
        (b"user-agent", b"lineside"),
        (b"content-length", str(len(body)).encode()),
    ]
    try:
        async with (
            asyncio.timeout(2 * SECONDS),
            httpcore2.AsyncConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=fields, content=body, extensions={"timeout": TIMEOUTS}) as answer,
        ):
            first = b""
            async for part in answer.aiter_stream():
                first += part
                if len(first) > 2_000:
                    break
            return Answer(answer.status, first[:200].decode(errors="replace"))
    except (
        httpcore2.NetworkError,
        httpcore2.TimeoutException,
        httpcore2.ProtocolError,
        OSError,
        TimeoutError,
    ) as error:
        raise Unavailable(f"{url}: {type(error).__name__}: {error}".rstrip(": ")) from error
