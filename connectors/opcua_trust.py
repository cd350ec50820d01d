"""Whether an OPC UA server's certificate may be trusted. Each refusal says why, and what to do."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

from connectors.connector import LinkRefused
from mom.errors import BadInput


def load_certificate(path: Path) -> x509.Certificate:
    """A .pem or .der file. Raises BadInput."""
    data = path.read_bytes()
    try:
        return x509.load_pem_x509_certificate(data) if b"-----BEGIN" in data else x509.load_der_x509_certificate(data)
    except ValueError as error:
        raise BadInput(f"{path}: not a certificate: {error}.", remedy="Give a .pem or .der file.") from error


def uri_of(certificate: x509.Certificate) -> str:
    """The application's URI that the certificate names, or nothing."""
    return next(iter(_names(certificate, x509.UniformResourceIdentifier)), "")


def check_trust(der: bytes, *, folder: Path, host: str, application_uri: str, moment: datetime) -> x509.Certificate:
    """The certificate: in `folder` or signed by one there, valid, not revoked, of that host and application."""
    try:
        certificate = x509.load_der_x509_certificate(_first(der))
    except ValueError as error:
        raise LinkRefused(f"The server's certificate cannot be read: {error}.") from error
    trusted = list(_trusted(folder))
    _check_validity(certificate, moment)
    signer = _signer(certificate, trusted, moment)
    if certificate not in trusted and signer is None:
        raise _refusal(certificate, "is not in the trust list", f"If it is the right one, put it into {folder}.")
    if _is_revoked(certificate, folder, signer):
        raise _refusal(certificate, "was revoked", "Install a new one in the server.")
    if application_uri not in _names(certificate, x509.UniformResourceIdentifier):
        raise _refusal(certificate, f"is not that of the application {application_uri}", "Correct one of the two.")
    if not _is_for_host(certificate, host):
        raise _refusal(certificate, f"is not for the host {host}", "Use a name that it has, or renew it with this one.")
    if not _is_for_servers(certificate):
        raise _refusal(certificate, "is not made for a server", "Install one with that key usage.")
    return certificate


def _first(der: bytes) -> bytes:
    """Of a chain the first: a DER sequence says its own length in bytes 2 and 3."""
    return der[: int.from_bytes(der[2:4], "big") + 4]


def _check_validity(certificate: x509.Certificate, moment: datetime) -> None:
    if moment > certificate.not_valid_after_utc:
        raise _refusal(certificate, f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}", "Renew it in the server.")
    if moment < certificate.not_valid_before_utc:
        begins = certificate.not_valid_before_utc
        raise _refusal(certificate, f"is valid from {begins:%Y-%m-%d} only", "Check both computers' clocks.")


def _trusted(folder: Path) -> Iterator[x509.Certificate]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".pem", ".der", ".crt", ".cer"):
            yield load_certificate(path)


def _signer(
    certificate: x509.Certificate, trusted: list[x509.Certificate], moment: datetime
) -> x509.Certificate | None:
    """The trusted authority, itself valid, that signed it."""
    for authority in trusted:
        if (
            not _is_authority(authority)
            or not authority.not_valid_before_utc <= moment <= authority.not_valid_after_utc
        ):
            continue
        try:
            certificate.verify_directly_issued_by(authority)
        except (InvalidSignature, ValueError, TypeError):
            continue
        return authority
    return None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _is_revoked(certificate: x509.Certificate, folder: Path, signer: x509.Certificate | None) -> bool:
    for path in sorted(folder.glob("*.crl")):
        data = path.read_bytes()
        found = x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)
        if found.issuer != certificate.issuer:
            continue
        if signer is not None and not found.is_signature_valid(signer.public_key()):  # type: ignore[arg-type]
            continue
        if found.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            return True
    return False


def _is_for_host(certificate: x509.Certificate, host: str) -> bool:
    names = {name.lower() for name in _names(certificate, x509.DNSName)}
    addresses = {str(address) for address in _names(certificate, x509.IPAddress)}
    try:
        return str(ipaddress.ip_address(host)) in addresses | names
    except ValueError:
        return host.lower() in names


def _is_for_servers(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.SERVER_AUTH in usage


def _names(certificate: x509.Certificate, kind: type[x509.GeneralName]) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name) for name in names.get_values_for_type(kind)]  # type: ignore[arg-type]


def _refusal(certificate: x509.Certificate, why: str, remedy: str) -> LinkRefused:
    return LinkRefused(f"The server's certificate ({certificate.subject.rfc4514_string()}) {why}.", remedy=remedy)
