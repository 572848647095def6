"""Pinyin initials of Chinese text, so that rqxl finds 燃气泄漏; plain, no table of its own."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

# GB 2312 sorts its 3,755 first-level characters by pinyin; these are the first code of each initial.
_FIRST = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"), (0xB9FE, "h"),
    (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"),
    (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_CODES = [code for code, _ in _FIRST]
_LAST = 0xD7F9
# Second-level characters and other readings that category and worker names use.
_OTHERS = dict(zip("闵瞿邵岑佟俞樊沐婷娜琳琪瑶璐鑫晗睿泄疑垃圾赌瘾殡俪衢钱塘", "mqsctyfmtnlqylxhrxyljdyblqqt", strict=False))


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """The initials of a text, lower case; letters and digits stay, what has no reading here is left out."""
    return "".join(_initial(letter) for letter in text)


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter.lower() if letter.isalnum() else ""
    if letter in _OTHERS:
        return _OTHERS[letter]
    try:
        high, low = letter.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    code = high << 8 | low
    if not _CODES[0] <= code <= _LAST:
        return ""
    return _FIRST[bisect_right(_CODES, code) - 1][1]


def is_found(wanted: str, *texts: str) -> bool:
    """Whether every word of a search occurs in one of the texts, as written or by its pinyin initials."""
    low = [text.lower() for text in texts]
    for word in wanted.lower().split():
        if any(word in text for text in low):
            continue
        if not (word.isascii() and any(word in initials(text) for text in texts)):
            return False
    return True
