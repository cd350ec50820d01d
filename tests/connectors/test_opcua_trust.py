"""Certificates that must not be trusted are refused, each with its reason; nothing is ever said over a weaker line."""

import ipaddress
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest
from asyncua import Server, ua
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connectors.check import make_connector
from connectors.connector import LinkRefused
from connectors.opcua_trust import check_trust

NOW = datetime(2026, 8, 23, tzinfo=UTC)
HOST, SERVER_URI = "127.0.0.1", "urn:test:server"


@pytest.fixture(scope="module")
def keys():
    return {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("server", "ca", "other")}


def certificate(keys, key="server", signer=None, *, host=HOST, uri=SERVER_URI, days=(-1, 30), at=NOW, **more):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, more.get("name", key))])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]) if signer else name
    names = [x509.UniformResourceIdentifier(uri), x509.IPAddress(ipaddress.ip_address(host))]
    usage = more.get("usage", [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    builder = (
        x509.CertificateBuilder(issuer, name, keys[key].public_key(), more.get("serial", 7))
        .not_valid_before(at + timedelta(days=days[0]))
        .not_valid_after(at + timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=more.get("ca", False), path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
    )
    return builder.sign(keys[signer or key], hashes.SHA256())


def der(made):
    return made.public_bytes(serialization.Encoding.DER)


def put(folder, name, made):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(der(made))
    return folder


def revoked(keys, serial):
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")])
    entry = x509.RevokedCertificateBuilder(serial, NOW).build()
    builder = x509.CertificateRevocationListBuilder(issuer, NOW, NOW + timedelta(days=9)).add_revoked_certificate(entry)
    return builder.sign(keys["ca"], hashes.SHA256())


def check(made, folder, host=HOST, uri=SERVER_URI):
    return check_trust(der(made), folder=folder, host=host, application_uri=uri, moment=NOW)


def test_one_in_the_list_or_signed_by_one_is_trusted(keys, tmp_path):
    own = certificate(keys)
    assert check(own, put(tmp_path / "a", "s.der", own)) == own
    signed = certificate(keys, signer="ca")
    authority = put(tmp_path / "b", "ca.der", certificate(keys, "ca", ca=True))
    assert check(signed, authority) == signed
    chain = der(signed) + der(certificate(keys, "ca", ca=True))
    assert check_trust(chain, folder=authority, host=HOST, application_uri=SERVER_URI, moment=NOW) == signed


REFUSED = {
    "unknown": ({"key": "other"}, "not in the trust list"),
    "expired": ({"signer": "ca", "days": (-30, -1)}, "expired"),
    "not yet valid": ({"signer": "ca", "days": (1, 30)}, "is valid from"),
    "signed by a stranger": ({"signer": "other"}, "not in the trust list"),
    "of another host": ({"signer": "ca", "host": "10.1.2.3"}, "not for the host"),
    "of another application": ({"signer": "ca", "uri": "urn:someone"}, "not that of the application"),
    "revoked": ({"signer": "ca", "serial": 66}, "revoked"),
    "not for servers": ({"signer": "ca", "usage": [ExtendedKeyUsageOID.CLIENT_AUTH]}, "not made for a server"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(why, keys, tmp_path):
    made, words = REFUSED[why]
    folder = put(tmp_path / "trust", "ca.der", certificate(keys, "ca", ca=True))
    put(folder, "ca.crl", revoked(keys, 66))
    with pytest.raises(LinkRefused, match=words):
        check(certificate(keys, **made), folder)


def test_refused_when_its_authority_is_none_or_no_certificate(keys, tmp_path):
    plain = put(tmp_path / "a", "ca.der", certificate(keys, "ca", ca=False))
    with pytest.raises(LinkRefused, match="trust list"):
        check(certificate(keys, signer="ca"), plain)
    with pytest.raises(LinkRefused, match="cannot be read"):
        check_trust(b"", folder=plain, host=HOST, application_uri=SERVER_URI, moment=NOW)


@pytest.fixture
async def secured(keys, tmp_path, free_port):
    """A server that wants Basic256Sha256, or (without) offers an open line only; and the client's options for it."""
    real = datetime.now(UTC)
    own = certificate(keys, at=real)
    put(tmp_path / "server", "s.der", own)
    put(tmp_path / "client", "c.der", certificate(keys, "other", uri="urn:lineside:test", at=real))
    for name, key in (("server", "server"), ("client", "other")):
        pem = keys[key].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / name / "key.pem").write_bytes(pem)
    server = Server()
    await server.init()
    server.set_endpoint(url := f"opc.tcp://127.0.0.1:{free_port}")
    await server.set_application_uri(SERVER_URI)
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity, ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
    await server.load_certificate(str(tmp_path / "server" / "s.der"))
    await server.load_private_key(str(tmp_path / "server" / "key.pem"))
    await server.register_namespace("urn:test")
    await server.nodes.objects.add_variable("ns=2;s=v", "v", 41.5)
    options = {
        "protocol": "opcua",
        "url": url,
        "security": "Basic256Sha256",
        "certificate": str(tmp_path / "client" / "c.der"),
        "private_key": str(tmp_path / "client" / "key.pem"),
        "trust": str(put(tmp_path / "trust", "s.der", own)),
        "tags": [{"id": "v", "address": "ns=2;s=v"}],
    }
    async with server:
        yield options


async def values(plant, options):
    async with aclosing(make_connector(plant(options).connectors[0]).readings()) as batches:
        async for batch in batches:
            if batch:
                return [reading.value for reading in batch]
    return []


async def test_a_secured_line(secured, plant, keys, tmp_path):
    assert await values(plant, secured) == [41.5]
    with pytest.raises(LinkRefused, match="does not offer Aes256Sha256RsaPss"):
        await values(plant, secured | {"security": "Aes256Sha256RsaPss"})
    strangers = put(tmp_path / "strangers", "x.der", certificate(keys, "other"))
    with pytest.raises(LinkRefused, match="not in the trust list"):
        await values(plant, secured | {"trust": str(strangers)})
    with pytest.raises(LinkRefused, match="password of anna is not known"):
        await values(plant, secured | {"user": "anna", "password_variable": "NO_SUCH_VARIABLE"})
