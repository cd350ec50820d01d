"""Secrets that we hand out once and keep only as their SHA-256."""

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """256 random bits, safe in a URL, a cookie and a header."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
