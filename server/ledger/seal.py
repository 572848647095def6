"""Closes and opens what personal data the ledger keeps: AES-256-GCM under a key outside the database."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class Seal:
    """Seals texts to bytes and opens them again; `context` binds the bytes to the row and field they belong to."""

    def __init__(self, key: bytes) -> None:
        """ValueError where the key has not 32 bytes."""
        if len(key) != 32:
            raise ValueError("a data key has 32 bytes")
        self._cipher = AESGCM(key)
        self._mac_key = HKDF(SHA256(), 32, None, b"gridwarden search").derive(key)

    def close(self, text: str, context: str) -> bytes:
        """The sealed text: nonce, ciphertext, tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """The text; raises cryptography.exceptions.InvalidTag for another key, context or altered bytes."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode()).decode()

    def search_mark(self, text: str) -> bytes:
        """What a sealed text is found by: HMAC-SHA256 of its digits and letters."""
        plain = "".join(letter for letter in text if letter.isalnum()).lower()
        return hmac.new(self._mac_key, plain.encode(), hashlib.sha256).digest()
