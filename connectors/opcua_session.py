"""One OPC UA session and its subscription: everything that the server sends, in order, or a LinkLost."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from asyncua import ua
from asyncua.crypto import security_policies
from asyncua.crypto.uacrypto import CertProperties
from asyncua.ua.uaerrors import UaError, UaStatusCodeError
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from connectors.connector import LinkLost, LinkRefused
from connectors.opcua import OpcUa
from connectors.opcua_client import LookingClient
from connectors.opcua_subscription import Subscription
from connectors.opcua_trust import check_trust, load_certificate, uri_of
from mom.clock import now

MODES = {"sign": ua.MessageSecurityMode.Sign, "sign_and_encrypt": ua.MessageSecurityMode.SignAndEncrypt}
CLOSE_S = 2.0
_REFUSALS = ("BadCertificate", "BadSecurity", "BadIdentity", "BadUser", "BadNonce", "BadApplicationSignature")


@asynccontextmanager
async def session(options: OpcUa) -> AsyncIterator[Subscription]:
    """Connected and subscribed. Raises LinkLost, LinkRefused. The client is made anew, never repaired."""
    logging.getLogger("asyncua.client").setLevel(logging.CRITICAL)  # a lost link is said once, by the collector
    client = LookingClient(options.url, options.timeout.total_seconds())
    try:
        await _connect(client, options)
        subscription = Subscription(client, options)
        await subscription.start()
        yield subscription
    except UaStatusCodeError as error:
        name = ua.StatusCode(error.code).name
        refused = name.startswith(_REFUSALS)
        raise (LinkRefused if refused else LinkLost)(f"{options.url}: {name}: {error}") from error
    except UaError as error:
        raise LinkLost(f"{options.url}: {error}") from error
    except TimeoutError as error:
        raise LinkLost(f"{options.url}: no answer within {options.timeout.total_seconds():g} s.") from error
    except OSError as error:
        raise LinkLost(f"{options.url}: {error.strerror or error}.", remedy="Check address and network.") from error
    finally:
        await _close(client)


async def _close(client: LookingClient) -> None:
    """Say goodbye if the server still listens; its sockets and tasks end in any case."""
    with suppress(OSError, TimeoutError, UaError, asyncio.InvalidStateError):
        async with asyncio.timeout(CLOSE_S):
            await client.disconnect()
    client.uaclient.request_disconnect()
    client.disconnect_socket()


async def _connect(client: LookingClient, options: OpcUa) -> None:
    if options.security != "none":
        await _secure(client, options)
    if options.user:
        client.set_user(options.user)
        client.set_password(_password(options))
    await client.connect()


def _password(options: OpcUa) -> str:
    name = options.password_variable or ""
    if not os.environ.get(name):
        raise LinkRefused(
            f"{options.url}: the password of {options.user} is not known.",
            remedy=f"Set the environment variable {name}." if name else "Name its variable under `password_variable`.",
        )
    return os.environ[name]


async def _secure(client: LookingClient, options: OpcUa) -> None:
    """The server's certificate is checked before anything else is said; there is no way down to a weaker policy."""
    assert options.certificate and options.private_key and options.trust
    policy = getattr(security_policies, f"SecurityPolicy{options.security}")
    own = load_certificate(options.certificate)
    client.application_uri = uri_of(own) or client.application_uri
    endpoint = _endpoint(await client.connect_and_get_server_endpoints(), options, policy.URI)
    trusted = check_trust(
        endpoint.ServerCertificate or b"",
        folder=options.trust,
        host=client.server_url.hostname or "",
        application_uri=endpoint.Server.ApplicationUri or "",
        moment=now(),
    )
    await client.set_security(
        policy,
        certificate=_content(own),
        private_key=CertProperties(Path(options.private_key)),
        server_certificate=_content(trusted),
        mode=MODES[options.mode],
    )


def _content(certificate: x509.Certificate) -> CertProperties:
    return CertProperties(certificate.public_bytes(Encoding.DER), "der")


def _endpoint(offered: list[ua.EndpointDescription], options: OpcUa, policy: str) -> ua.EndpointDescription:
    for endpoint in offered:
        if endpoint.SecurityPolicyUri == policy and endpoint.SecurityMode == MODES[options.mode]:
            return endpoint
    names = sorted({f"{str(e.SecurityPolicyUri).rpartition('#')[2]}/{e.SecurityMode.name}" for e in offered})
    raise LinkRefused(
        f"{options.url} does not offer {options.security} with {options.mode}; it offers {', '.join(names)}.",
        remedy="Switch that policy on in the server; a weaker one is not used instead.",
    )
