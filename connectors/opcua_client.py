"""An OPC UA client that can only look: what is not on the allow-list of services never leaves this computer."""

import asyncio
from typing import Any

from asyncua.client.client import Client
from asyncua.client.ua_client import UaClient, UASocketProtocol
from asyncua.common.shortcuts import Shortcuts

ALLOWED = frozenset(
    f"{service}Request"
    for service in (
        "OpenSecureChannel",
        "CloseSecureChannel",
        "GetEndpoints",
        "CreateSession",
        "ActivateSession",
        "CloseSession",
        "Browse",
        "BrowseNext",
        "TranslateBrowsePathsToNodeIds",
        "Read",
        "HistoryRead",
        "CreateSubscription",
        "ModifySubscription",
        "DeleteSubscriptions",
        "SetPublishingMode",
        "CreateMonitoredItems",
        "ModifyMonitoredItems",
        "DeleteMonitoredItems",
        "Publish",
        "Republish",
    )
)
"""Services that look or keep the conversation going. ConditionRefresh, a method, is not among them."""


class NotALook(PermissionError):
    """Somebody tried to ask for a service that is not on the allow-list."""


class _LookingProtocol(UASocketProtocol):
    def _send_request(self, request: Any, *rest: Any, **more: Any) -> asyncio.Future[Any]:
        if type(request).__name__ not in ALLOWED:
            raise NotALook(f"OPC UA service {type(request).__name__} is not one that looks; nothing was sent.")
        return super()._send_request(request, *rest, **more)


class _LookingUaClient(UaClient):
    def _make_protocol(self) -> UASocketProtocol:
        protocol = _LookingProtocol(self._timeout, security_policy=self.security_policy)
        protocol.pre_request_hook = self._pre_request_hook
        protocol.on_connection_lost = self._on_transport_lost
        protocol.is_session_closing = self._is_session_closing
        self.protocol = protocol
        return protocol


class LookingClient(Client):
    """Never reconnects by itself: whoever runs it makes a new one."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, timeout=timeout, watchdog_intervall=timeout, auto_reconnect=False)
        self.uaclient = _LookingUaClient(timeout)
        self.uaclient.pre_request_hook = self._wait_until_ready
        self.nodes = Shortcuts(self.uaclient.session)
        self.name = self.description = "Lineside"
        self.application_uri = "urn:lineside:collector"
        self.product_uri = "urn:lineside"
        self.session_timeout = 60_000
