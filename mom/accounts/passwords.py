"""Passwords: argon2id, and what is too easy to guess."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mom.errors import BadInput

SHORTEST, LONGEST = 10, 256
EASY = ("password", "lineside", "letmein", "welcome", "qwerty", "iloveyou", "administrator", "1234567890", "changeme")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, the parameters of RFC 9106's second choice


@cache
def _nobody() -> str:
    """The hash of no one's password: an unknown name takes as long as a wrong password."""
    return _hasher().hash("nobody has this password")


def check_new(password: str, name: str) -> str:
    """The password, when it may be used. BadInput says what is wrong with it, never the password itself."""
    lower = password.lower()
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"password has {len(password)} characters: {SHORTEST} to {LONGEST} are expected.")
    if len(set(password)) < 5 or name.lower() in lower or any(easy in lower for easy in EASY):
        raise BadInput("password is easy to guess.", remedy="Use several words that have nothing to do with your name.")
    return password


async def hashed(password: str) -> str:
    """Its argon2id hash. Takes tens of milliseconds, in a thread."""
    return await asyncio.to_thread(_hasher().hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password of that hash; the same time is taken when there is none."""
    if len(password) > LONGEST:
        return False
    right = await asyncio.to_thread(_verify, password_hash or _nobody(), password)
    return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
