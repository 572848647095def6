"""A line as it was typed, taken apart: words, named fields, the text after a colon or in quotes; plain.

Full-width letters, digits and punctuation count as what they stand for. What is said as text keeps its own letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category

from desktop.command.values import NAMES, TEXTS

LONGEST = 2_000
"""Letters of a line that are looked at: what is longer is a text that was pasted, and stands in the form in full."""
OPENERS = "/、"
PARTICLES = frozenset(["到", "至", "给", "由", "把", "将", "入", "进", "to", "into", "for", "until", "till", "by"])
"""Words that only lead to the next one."""
NUMBER = re.compile(r"\.|#?(?:[A-Za-z]{1,4}-)?(?:\d{8}-)?\d{1,8}")
"""The number of an incident or the end of it, a worker's with a sharp, a candidate's; a point is the selected incident."""
_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "'": "'"}
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_NAMED = re.compile(r"(?:^|(?<=[\s,;]))([A-Za-z_]{1,16}|[\u4e00-\u9fff]{1,4})=")
_SEPARATORS = ",;，；"
_NOT_SEEN = ("Cf", "Cs")
"""Marks of direction, joiners and halves of letters: they would hide in a word and keep it from being known."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line taken apart. `words` are in its order; `names` are the named fields with their values, raw."""

    words: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    text: str = ""
    """What stood in quotes or after a colon."""
    raw: str = ""
    """All of the line as it was typed."""
    at_once: bool = False
    """Whether it ends with a mark of exclamation outside its text: send it."""


def spoken(line: str) -> Spoken:
    """The parts of a line; of any letters whatever."""
    seen = (letter for letter in line if category(letter) not in _NOT_SEEN)
    raw = "".join(" " if category(letter) == "Cc" else letter for letter in seen).strip()
    raw = raw.lstrip(OPENERS + "／").strip()
    plain = "".join(_plain(letter) for letter in raw)
    typed = raw
    raw, plain, text = _without_quotes(raw, plain)
    raw, plain, at_once = _without_mark(raw, plain)
    raw, plain, said = _without_text(raw, plain)
    if said:
        said, at_once = _mark_after(said, at_once)
    words, names = _without_names(raw, plain)
    joined = re.sub(r"\s*([+、])\s*", r"\1", words[:LONGEST])
    for separator in _SEPARATORS:
        joined = joined.replace(separator, " ")
    return Spoken(tuple(joined.split()), names, " ".join(part for part in (text, said) if part), typed, at_once)


def _plain(letter: str) -> str:
    """One letter for one letter: full-width forms as their plain ones."""
    code = ord(letter)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return " " if letter.isspace() else letter


def _without_quotes(raw: str, plain: str) -> tuple[str, str, str]:
    """The line without what stands in quotes, and that; a quote that is not closed goes to the end.

    Quotes within a text after a colon belong to that text, and a value in quotes to its named field.
    """
    colon = _colon(plain)
    at = next((n for n, letter in enumerate(plain) if letter in _QUOTES and (n == 0 or plain[n - 1] != "=")), -1)
    if at < 0 or (0 <= colon < at):
        return raw, plain, ""
    end = raw.find(_QUOTES[plain[at]], at + 1)
    end = len(raw) if end < 0 else end
    said = raw[at + 1 : end].strip()
    return f"{raw[:at]} {raw[end + 1 :]}", f"{plain[:at]} {plain[end + 1 :]}", said


def _without_mark(raw: str, plain: str) -> tuple[str, str, bool]:
    """The line without the mark of exclamation it ends with; one within a text after a colon belongs to that."""
    rest = plain.rstrip()
    is_alone = rest.endswith(" !") or not _NAMED.search(rest)
    if not rest.endswith("!") or not is_alone or 0 <= _colon(rest) < len(rest) - 1:
        return raw, plain, False
    return raw[: len(rest) - 1], rest[:-1], True


def _mark_after(said: str, at_once: bool) -> tuple[str, bool]:
    """After a text the mark stands alone, with a space before it: 撤回 0147：太远了 !"""
    if said.endswith((" !", " ！")):
        return said[:-2].rstrip(), True
    return said, at_once


def _colon(plain: str) -> int:
    """Where the colon of a text stands; that of a time of day is none. -1 where there is none."""
    times = {found.start() + found[0].index(":") for found in _CLOCK.finditer(plain)}
    return next((n for n, letter in enumerate(plain) if letter == ":" and n not in times), -1)


def _without_text(raw: str, plain: str) -> tuple[str, str, str]:
    """The line up to its colon, and the text after it."""
    at = _colon(plain)
    return (raw, plain, "") if at < 0 else (raw[:at], plain[:at], raw[at + 1 :].strip())


def _without_names(raw: str, plain: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The line without its named fields, and these with their values.

    The value of a text is in quotes, or goes up to the next name or the end; that of anything else is one word.
    """
    found = list(_NAMED.finditer(plain))
    if not found:
        return plain, ()
    named, words = [], [plain[: found[0].start()]]
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(plain)
        value, name = raw[match.end() : end].strip(), match[1].lower()
        quote = _QUOTES.get(value[:1], "")
        if quote:
            value, _, rest = value[1:].partition(quote)
        elif NAMES.get(name, "") in TEXTS:
            value, rest = value.rstrip(_SEPARATORS), ""
        else:
            value, _, rest = value.partition(" ")
        named.append((name, value.strip()))
        words.append("".join(_plain(letter) for letter in rest))
    return " ".join(words), tuple(named)
