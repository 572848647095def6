"""What may stand next in a line: verbs, incidents, workers, units, severities, places outside; each says what it is; plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.command.letters import NUMBER, spoken
from desktop.command.offers import MOST, OFFERS, is_refused
from desktop.command.reading import read
from desktop.command.sentence import Offered, Reading, Unfinished
from desktop.command.verbs import VERBS, Verb, glued, verbs_of
from desktop.dispatch.filling import Filling
from desktop.seat import Seat

_LAST = re.compile(r"[^\s,;，；+、]*\Z")


@dataclass(frozen=True, slots=True)
class Suggested:
    """What could stand where the line ends: `head` stays, `typed` is replaced by the word of an offer."""

    head: str = ""
    typed: str = ""
    about: str = ""
    """The kind of argument (values.KINDS), or `verb`; empty where nothing is expected."""
    verb: Verb | None = None
    offered: tuple[Offered, ...] = ()
    tail: str = ""
    """What follows the word that is replaced."""


def suggested(seat: Seat, line: str) -> Suggested:
    """What could stand at the end of a line, best first, at most forty. Main thread only."""
    if len(line) > MOST * 10 or ":" in line or "：" in line:
        return Suggested(line)
    typed = _LAST.search(line)
    assert typed is not None
    head, word = line[: typed.start()], typed[0]
    led = spoken(head).words
    if not led:
        opener = len(word) - len(word.lstrip("/、／"))
        return _verbs(seat, head + word[:opener], word[opener:])
    found = verbs_of(led[0])
    if len(found) != 1 and glued(led[0]) is None and NUMBER.fullmatch(led[0]) and len(led) == 1:
        return _verbs(seat, head, word)
    reading = read(seat, head)
    if reading.verb is None:
        return Suggested(head, word)
    return _arguments(seat, reading, head, word)


def instead(line: str, problem: Unfinished) -> Suggested:
    """What could stand instead of the word of a line that is no good."""
    at = line.rfind(problem.said) if problem.said else -1
    if at < 0:
        return Suggested(line, verb=problem.verb, about=problem.about)
    head, tail = line[:at], line[at + len(problem.said) :]
    return Suggested(head, problem.said, problem.about, problem.verb, problem.offered, tail)


def _verbs(seat: Seat, head: str, word: str) -> Suggested:
    """The verbs that begin so; those the rules refuse now come last, and are told apart."""
    low, language = word.lower(), seat.words.language
    case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident else None
    offered = []
    for verb in VERBS if low else ():
        fitting = next((each for each in verb.words if each.startswith(low)), "")
        if fitting:
            is_off = verb.is_order and is_refused(seat, verb, case)
            own = [each for each in verb.words if each.isascii() == fitting.isascii() and each.startswith(low)]
            said = own[0] if fitting.isascii() or language == "en" else fitting
            offered.append(Offered(said, verb.name(language), verb_note(seat, verb), is_off))
    offered.sort(key=lambda each: (each.word != low, each.is_off))
    return Suggested(head, word, "verb", None, tuple(offered[:MOST]))


def verb_note(seat: Seat, verb: Verb) -> str:
    """What a verb takes, as it is typed: `pd  网格员 事件 [理由]`."""
    takes = (seat.words(f"slot.{slot}") for slot in verb.slots)
    must = verb.must
    shown = (name if slot in must else f"[{name}]" for slot, name in zip(verb.slots, takes, strict=True))
    return " ".join((*verb.initials[:1], *shown))


def _arguments(seat: Seat, reading: Reading, head: str, word: str) -> Suggested:
    """What fits the arguments that are still open, in their order."""
    verb = reading.verb
    assert verb is not None
    about, offered = "", list[Offered]()
    for kind in _open_kinds(verb, reading.filling, head):
        found = list(OFFERS[kind](seat, verb, word, reading.filling)) if kind in OFFERS else []
        about = about or (kind if found or not word else "")
        offered += found
    names = {each.word: each for each in reversed(offered)}
    unique = [each for each in offered if names[each.word] is each][:MOST]
    return Suggested(head, word, about, verb, tuple(unique))


def _open_kinds(verb: Verb, filling: Filling, head: str) -> Iterator[str]:
    """The kinds of argument that nothing was said about yet; of workers there may be more."""
    if head.endswith(("+", "、")):
        yield from (kind for kind in verb.slots if kind in ("workers", "sources"))
        return
    numbers = sum(1 for word in spoken(head).words if NUMBER.fullmatch(word))
    for kind in verb.slots:
        if kind in ("incident", "sources"):
            if kind == "sources" or not numbers:
                yield kind
        elif kind == "workers":
            if not filling.workers:
                yield kind
        elif not getattr(filling, kind, "") and not (kind in ("text", "reason") and filling.text):
            yield kind
