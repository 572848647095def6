"""A command in one line: exactly what is sent, of whatever kind it is; plain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from desktop.command.sentence import Unfinished
from desktop.command.values import CODES_OF, FIELDS, KINDS_OF, STARS, TARGETS, Choice, choices_of
from desktop.command.verbs import BY_ACTION, ORDERS, Verb
from desktop.phrases import category_name, lonlat_text, moment_text, span, title_of
from desktop.seat import Seat
from desktop.words import Words
from governance.commands import WORD_OF, Command, Recipient
from governance.incident import Urgency
from governance.places import LonLat

WHO = ("lead", "worker", "assist", "assists", "recipients", "checker")
SILENT = frozenset({"channel", "reporter_kind", "grid", "number", "numbers", "base", "checker_scope", "origin_worker_name"})
"""What a command carries for the ledger and not for a reader."""
LONGEST = 80
"""Letters of a text that are told; the whole text stands in the form and in the log."""


def action_name(seat: Seat, word: str, kind: str = "") -> str:
    """What an action is called: the verb's first word; a word nobody knows is itself."""
    verb = verb_of(word, kind)
    return verb.name(seat.words.language) if verb is not None else word


def verb_of(word: str, kind: str = "") -> Verb | None:
    """The verb of an action, of a request the one of its kind."""
    of_kind = next((verb for verb in ORDERS if verb.action == word and verb.kind == kind), None) if kind else None
    return of_kind or BY_ACTION.get(word)


def case_named(seat: Seat, incident: UUID | None) -> str:
    """Number and title of an incident; empty where it is not here."""
    case = seat.situation.cases.get(incident) if incident is not None else None
    return f"{case.incident.number} {title_of(seat.words, seat.situation.rules, case)}" if case is not None else ""


def told(seat: Seat, command: Command, incident: UUID | None) -> str:
    """What a command orders: the action, of which incident, to whom, and everything else it carries."""
    words, word = seat.words, WORD_OF[type(command)]
    kind = str(getattr(command, "kind", ""))
    number, _, title = case_named(seat, incident).partition(" ")
    people = [name for field in WHO for name in _names(seat, getattr(command, field, None))]
    whom = f" → {words('list').join(people)}" if people else ""
    parts = [f"{action_name(seat, word, kind)} {number}".strip() + whom, *([title] if title else [])]
    parts += [f"{name} {value}".strip() for name, value in _details(seat, word, command)]
    return words("sep").join(parts)


def _details(seat: Seat, word: str, command: Command) -> Iterator[tuple[str, str]]:
    """Name and value of whatever else a command carries; what is empty or identifies something is left out."""
    assert is_dataclass(command)
    for field in fields(command):
        value = getattr(command, field.name)
        if field.name in WHO or field.name in SILENT or value in (None, "", (), 0.0, False) or isinstance(value, UUID):
            continue
        said = _value(seat, word, field.name, value)
        if said:
            key = f"told.{field.name}"
            yield (seat.words(key) if seat.words.has(key) else ""), said


def _value(seat: Seat, word: str, name: str, value: object) -> str:
    """One value in words; empty where it says nothing to an officer."""
    words = seat.words
    if isinstance(value, datetime):
        return moment_text(value, seat.now())
    if isinstance(value, float):
        return span(words, value) if name.endswith("_s") else ""
    if isinstance(value, LonLat):
        return lonlat_text(value)
    if isinstance(value, Urgency):
        return words(f"urgency.{int(value)}") if value is not Urgency.NORMAL else ""
    if isinstance(value, tuple):
        named = (case_named(seat, getattr(each, "incident", None)) or str(getattr(each, "title", "")) for each in value)
        return words("list").join(each for each in named if each)
    if name == "category":
        return category_name(words, seat.situation.rules, str(value))
    return _chosen(seat, word, name, value)


def _chosen(seat: Seat, word: str, name: str, value: object) -> str:
    """A value of a closed kind by its name, a text as it is."""
    words = seat.words
    known = {"target": TARGETS, "kind": KINDS_OF.get(word, ()), "reason_code": CODES_OF.get(word, ()), "satisfaction": STARS}
    choices = known.get(name)
    if name == "kind" and verb_of(word, str(value)) is not verb_of(word):
        return ""  # the verb says it: 缓办
    if name == "field":
        return next((said for said, each in FIELDS.items() if each == value and said.isascii() == (words.language == "en")), "")
    if choices is None and isinstance(value, Enum):
        choices = choices_of(name, word)
    if choices is not None:
        return _named(choices, value, words.language)
    if isinstance(value, str):
        value = " ".join(value.split())
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return ""


def _named(choices: tuple[Choice, ...], value: object, language: str) -> str:
    """The name of a value of a closed kind."""
    found = next((choice for choice in choices if choice.value == value), None)
    if found is None:
        return str(getattr(value, "value", value))
    return found.words[0] if language == "zh" else found.words[min(1, len(found.words) - 1)]


def _names(seat: Seat, value: object) -> list[str]:
    """The names of people a field of a command holds."""
    if isinstance(value, Recipient):
        return [value.name]
    if isinstance(value, tuple):
        return [name for each in value for name in _names(seat, each)]
    if isinstance(value, UUID):
        person = seat.situation.workers.person(value)
        return [person.name] if person is not None else []
    return []


def problem_said(words: Words, problem: Unfinished) -> str:
    """Why a line cannot be carried out as it stands, and what could be meant."""
    if problem.problem == "coordinates":
        return problem.said
    kind = words(f"slot.{problem.about}") if problem.about and words.has(f"slot.{problem.about}") else ""
    names = words("list").join(dict.fromkeys(offer.name for offer in problem.offered[:6]))
    return words(f"line.{problem.problem}", kind=kind, said=problem.said[:40], names=names, count=len(problem.offered))
