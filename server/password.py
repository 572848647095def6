"""Passwords: argon2id hashes, OWASP's smallest setting (19 MiB, two passes), so that a hash takes about 20 ms."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """The hash to keep."""
    return _hasher.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Whether the password is the one the hash was made of. Slow on purpose: never on a loop that others wait for."""
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
