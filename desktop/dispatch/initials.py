"""Pinyin initials of Chinese text, so that rqxl finds 燃气泄漏, and 曾 is found by c and by z; plain."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import product
from unicodedata import normalize

MOST_SPELLINGS = 12
KEPT = 32_768
"""Spellings kept: the names of a district's workers, its places and the titles of a busy day."""


@lru_cache(maxsize=KEPT)
def initials(text: str) -> str:
    """The initials of a text, lower case; letters and digits stay, what has no reading is left out."""
    return "".join(_readings(letter)[:1] for letter in text)


@lru_cache(maxsize=KEPT)
def spellings(text: str) -> str:
    """The initials of a text in every way its characters may be read, one a line, the usual one first.

    Where there are too many ways, only one character at a time is read otherwise than usually.
    """
    read = [found for letter in text if (found := _readings(letter))]
    ways = 1
    for found in read:
        ways *= len(found)
    if ways <= MOST_SPELLINGS:
        return "\n".join("".join(way) for way in product(*read))
    usual = "".join(found[0] for found in read)
    others = (f"{usual[:at]}{other}{usual[at + 1 :]}" for at, found in enumerate(read) for other in found[1:])
    return "\n".join((usual, *(other for other, _ in zip(others, range(MOST_SPELLINGS - 1), strict=False))))


@lru_cache(maxsize=8192)
def _readings(letter: str) -> str:
    """The initials a character may be read with, the usual one first; empty where it has none."""
    if letter.isascii():
        return letter.lower() if letter.isalnum() else ""
    sounds = _sounds().get(ord(letter), "").split(",")
    return "".join(dict.fromkeys(normalize("NFD", sound)[0] for sound in sounds if sound))


@lru_cache(maxsize=1)
def _sounds() -> dict[int, str]:
    """Code point -> its readings; read when first asked for. The package's 2.5 MB of phrases stay on the disk: 45 MB less."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


def is_found(wanted: str, *texts: str) -> bool:
    """Whether every word of a search occurs in one of the texts, as written or by its pinyin initials."""
    low = [text.lower() for text in texts]
    for word in wanted.lower().split():
        if any(word in text for text in low):
            continue
        if not (word.isascii() and any(word in spellings(text) for text in texts)):
            return False
    return True
