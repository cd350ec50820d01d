"""Addresses that letters go to: checked when they are given, so that none is found out to be no address when it is used."""

import re
from urllib.parse import quote, urlsplit

KEPT = "!$%&'()*+,-./:;=?@_~"
NO_HOST = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def checked_address(url: str) -> str:
    """`url` in the ASCII form that goes on the wire. ValueError, with what was expected, for what is no address."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError as error:  # a port that is no number or too large, a host that cannot be a name
        raise ValueError(f"{url!r}: expected http(s)://host:port/path ({error})") from error
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
        raise ValueError(f"{url!r}: expected http(s)://host/path without a user")
    if not host or port == 0 or NO_HOST.search(host):
        raise ValueError(f"{url!r}: expected http(s)://host:port/path with a host that can be called")
    place = f"[{host}]" if ":" in host else host
    query = f"?{quote(parts.query, safe=KEPT)}" if parts.query else ""
    return f"{parts.scheme}://{place}{f':{port}' if port else ''}{quote(parts.path, safe=KEPT)}{query}"
