"""OPC UA: nodes, subscribed. Only looks: no service that changes anything ever leaves this computer."""

import math
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, field_validator, model_validator

from connectors.connector import Connector, Reading
from mom.plant.schema import Duration, Tag

NODE_ID = re.compile(r"(ns=\d+;|nsu=[^;]+;)?(i=\d+|s=.+|g=[0-9A-Fa-f-]{36}|b=.+)", re.DOTALL)
LEAST_QUEUE = 10


def _in_range(value: timedelta) -> timedelta:
    if not timedelta(milliseconds=1) <= value <= timedelta(minutes=1):
        raise ValueError("expected 1ms to 1min")
    return value


Interval = Annotated[Duration, AfterValidator(_in_range)]


def _is_file_or_folder(path: Path) -> Path:
    if not path.exists():
        raise ValueError("there is nothing at this path; give the whole path")
    return path


Existing = Annotated[Path, AfterValidator(_is_file_or_folder)]


class OpcUa(Connector):
    """Each tag is sampled twice as often as it can change, and what is sampled between two messages fits its queue."""

    protocol: ClassVar[str] = "opcua"
    url: str
    publish: Interval = timedelta(milliseconds=250)  # how often the server sends what it has
    fastest_change: Interval = timedelta(milliseconds=500)  # of any tag; a tag's own: `every`
    queue: int = Field(LEAST_QUEUE, ge=LEAST_QUEUE, le=100_000)  # at least so many values a tag between two messages
    repeats: bool = False  # also a value that only its source time sets apart from the one before
    timeout: Interval = timedelta(seconds=4)
    security: Literal["none", "Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss"] = "none"
    mode: Literal["sign", "sign_and_encrypt"] = "sign_and_encrypt"
    certificate: Existing | None = None  # ours, .pem or .der
    private_key: Existing | None = None
    trust: Existing | None = None  # a folder of certificates that are trusted, or that sign such, and of .crl files
    user: str | None = None
    password_variable: str | None = None  # the environment variable that holds the password
    _notice: str = PrivateAttr("")

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not re.fullmatch(r"opc\.tcp://[^/@\s:]+(:\d{1,5})?(/\S*)?", url):
            raise ValueError("expected opc.tcp://host:port/path; a user's name goes under `user`")
        return url

    @model_validator(mode="after")
    def _has_all_for_security(self) -> Self:
        if self.security != "none":
            missing = [name for name in ("certificate", "private_key", "trust") if getattr(self, name) is None]
            if missing:
                raise ValueError(f"security {self.security} needs {', '.join(missing)} as well")
        elif self.user:
            raise ValueError("a password is not sent over an open line; choose a `security` such as Basic256Sha256")
        return self

    @classmethod
    def tag_faults(cls, tag: Tag) -> Iterator[tuple[str, str]]:
        if not NODE_ID.fullmatch(tag.address):
            yield "address", f"{tag.address!r}: expected a node id such as ns=2;s=Line2.Filler.State, or nsu=URI;s=…"

    @property
    def notice(self) -> str:
        return self._notice

    def sampling_ms(self, tag: Tag) -> float:
        """At most half of the fastest change, so that none falls between two samples."""
        return (tag.every or self.fastest_change) / timedelta(milliseconds=1) / 2

    def queue_for(self, publish_ms: float, sampling_ms: float) -> int:
        """At least one and a half times what is sampled between two messages."""
        return max(self.queue, math.ceil(1.5 * publish_ms / sampling_ms) if sampling_ms else self.queue)

    async def readings(self) -> AsyncIterator[list[Reading]]:
        from connectors.opcua_session import session  # asyncua takes over a second to import

        async with session(self) as subscription:
            self._notice = subscription.notice
            yield subscription.first
            while True:
                yield await subscription.next()
