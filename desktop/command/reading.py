"""What a line means: a verb and its typed arguments, or what is missing or unclear; never an exception; plain.

The verb stands first, or, where the line begins with an incident, anywhere after it: 派 李建国 0147 and 0147 派 李建国.
"""

from __future__ import annotations

import re

from desktop.command.known import Known
from desktop.command.letters import NUMBER, PARTICLES, Spoken, spoken
from desktop.command.meaning import Meaning
from desktop.command.place_typed import place_typed
from desktop.command.sentence import Offered, Reading, Sentence, Unfinished
from desktop.command.values import CLOSED, NAMES, chosen
from desktop.command.verbs import BY_ACTION, OF_WORD, Verb, glued, verbs_of
from desktop.command.words_found import WordsFound
from desktop.dispatch.filling import Filling
from desktop.dispatch.moments import is_time
from desktop.seat import Seat

RANKED = frozenset({"dispatch", "reassign", "add_assist", "direct_order", "send_verify"})
"""Actions whose form has a list of candidates with numbers."""
_NUMBER_FIRST = re.compile(r"(\d{2,8})([\u4e00-\u9fff].*)")
_NUMBER_LAST = re.compile(r"(.*[^\d\-#])(\d{2,8})")


def read(seat: Seat, line: str) -> Reading:
    """What a line means for an officer now. Main thread only."""
    said = spoken(line)
    found = _verb_of(said.words)
    led = found[0].action == "goto" and not found[1] if not isinstance(found, Unfinished) else False
    if led or isinstance(found, Unfinished):
        going = _going(seat, line)
        if going is not None:
            return going
    if isinstance(found, Unfinished):
        return found
    verb, before, after = found
    if verb.slots[:1] == ("text",) and not said.names:
        return _reading_of_text(verb, said, after)
    return _Arguments(seat, verb, said).read(before, after)


def _going(seat: Seat, line: str) -> Reading | None:
    """Where a line goes by coordinates, with or without the verb; None where it has none."""
    verb, rest = BY_ACTION["goto"], line.strip().lstrip("/、／ ")
    first = max((word for word in verb.words if _begins_with(rest, word)), key=len, default="")
    rest = rest[len(first) :].strip()
    typed = place_typed(seat, rest)
    if typed is None:
        return None
    if typed.problem:
        return Unfinished("coordinates", verb, said=typed.problem)
    if len(typed.readings) > 1:
        offered = tuple(Offered(each.written, each.written) for each in typed.readings)
        return Unfinished("coordinates_which", verb, said=rest, offered=offered)
    (reading,) = typed.readings
    return Sentence(verb, Filling(verb.action, place=reading.place, text=reading.written))


def verb_named(verbs: tuple[Verb, ...], language: str) -> tuple[Offered, ...]:
    """Verbs to choose from."""
    said = (verb.zh[0] if language == "zh" else verb.en[0] for verb in verbs)
    return tuple(Offered(word, verb.name(language), verb.initials[0]) for word, verb in zip(said, verbs, strict=True))


def _verb_of(words: tuple[str, ...]) -> tuple[Verb, tuple[str, ...], tuple[str, ...]] | Unfinished:
    """The verb of a line, the words before it and those after it."""
    if not words:
        return Unfinished("empty")
    led = _NUMBER_FIRST.fullmatch(words[0])
    if led and not is_time(words[0]):
        words = (led[1], led[2], *words[1:])
    found = verbs_of(words[0])
    if len(found) == 1:
        return found[0], (), words[1:]
    for at, word in enumerate(words):
        if word.lower() in OF_WORD:
            return OF_WORD[word.lower()], words[:at], words[at + 1 :]
        joined = glued(word)
        if joined is not None:
            return joined[0], words[:at], (joined[1], *words[at + 1 :])
    if found:
        return Unfinished("verb_ambiguous", said=words[0], offered=verb_named(found, "zh" if not words[0].isascii() else "en"))
    return Unfinished("verb_unknown", said=words[0])


def _reading_of_text(verb: Verb, said: Spoken, words: tuple[str, ...]) -> Reading:
    """A verb that takes a text and nothing else: the rest of the line, as it was typed."""
    first = next((word for word in verb.words if _begins_with(said.raw, word)), "")
    rest = said.raw[len(first) :] if first else " ".join(words)
    if first and not words:
        rest = said.text
    return Sentence(verb, Filling(verb.action, text=rest.strip(" ：:，,\u3000")), said.at_once)


def _begins_with(raw: str, word: str) -> bool:
    """Whether a line begins with a verb's word, or, of a Chinese one, is glued to it."""
    plain = raw.lower()
    return plain.startswith(word) and (not word.isascii() or not plain[len(word) :][:1].isalnum())


class _Arguments:
    """The arguments of one line, gathered word by word."""

    def __init__(self, seat: Seat, verb: Verb, said: Spoken) -> None:
        self._seat, self._verb, self._said = seat, verb, said
        self._known = Known(seat)
        self._found = WordsFound(verb)

    def read(self, before: tuple[str, ...], after: tuple[str, ...]) -> Reading:
        """All arguments put together."""
        words = [word for word in (*before, *self._parted(after)) if word.lower() not in PARTICLES]
        for name, value in self._said.names:
            self._take_named(name, value)
        leads = len(before) if "sources" not in self._verb.slots else 0
        for at, word in enumerate(words):
            if at < leads and NUMBER.fullmatch(word) and self._found.lacks("incident"):  # 0147 派 3
                self._found.put("incident", word)
            else:
                self._take(word, words[at + 1 :])
        self._found.take_text(self._said.text)
        return Meaning(self._seat, self._verb, self._found).put_together(self._said.at_once)

    def _parted(self, words: tuple[str, ...]) -> list[str]:
        """Lists taken apart, and a number parted from the name it is glued to."""
        single = [part for word in words for part in re.split(r"[+、]", word) if part]
        found: list[str] = []
        for word in single:
            ends = _NUMBER_LAST.fullmatch(word)
            takes = "workers" in self._verb.slots and ends and not is_time(word)
            if takes and ends and not self._known.workers(word) and self._known.workers(ends[1]):
                found += [ends[1], ends[2]]
            else:
                found.append(word)
        return found

    def _take_named(self, name: str, value: str) -> None:
        """A named field; `to` is whoever or whatever the verb sends to."""
        kind, found = NAMES.get(name, ""), self._found
        if kind == "to":
            kind = next((each for each in ("workers", "sources", "target", "unit", "until") if each in self._verb.slots), "")
            kind = "incident" if kind == "sources" else kind
        if kind in ("title", "place_text", "floor") and "edits" in self._verb.slots:
            found.edits.append((kind, value))
        elif kind not in self._verb.slots:
            found.refuse("extra", kind, name)
        elif not value:
            return
        elif kind in ("workers", "until"):
            for part in re.split(r"[+、\s]+", value):
                found.put(kind, part)
        else:
            found.put(kind, value)

    def _take(self, word: str, later: list[str]) -> None:
        """One word into the argument it fits: the closed kinds first, then numbers, then names."""
        verb, found = self._verb, self._found
        for kind in CLOSED:
            if kind in verb.slots and found.lacks(kind) and chosen(kind, verb.action, word):
                found.put(kind, word)
                return
        if "unit" in verb.slots and found.lacks("unit") and self._is_code_of_unit(word):
            found.put("unit", word)
        elif "until" in verb.slots and is_time(word):
            found.put("until", word)
        elif NUMBER.fullmatch(word):
            self._take_number(word, later)
        else:
            self._take_name(word, later)

    def _is_code_of_unit(self, word: str) -> bool:
        return any(unit.code.lower() == word.lower() for unit in self._seat.situation.units.values())

    def _take_number(self, word: str, later: list[str]) -> None:
        """A candidate's number, a worker's number, or the tail of an incident's: that comes last."""
        verb, found = self._verb, self._found
        free = "workers" in verb.slots and found.lacks("workers") and not found.rank
        follows = any(NUMBER.fullmatch(each) and len(each) > 1 for each in later)
        if free and len(word) == 1 and word in "123456789" and verb.action in RANKED:
            found.rank = int(word)
        elif ("workers" in verb.slots and word.startswith("#")) or (free and follows and word != "."):
            found.put("workers", word)
        elif "sources" in verb.slots:
            found.put("sources", word)
        elif "grid" in verb.slots and found.lacks("grid"):
            found.put("grid", word)
        elif "incident" in verb.slots and found.lacks("incident"):
            found.put("incident", word)
        elif not found.put_text(word):
            found.refuse("extra", "", word)

    def _take_name(self, word: str, later: list[str]) -> None:
        """A name of somebody or something; what is none belongs to the text, unless a name is still expected."""
        verb, found = self._verb, self._found
        known = self._known
        names = (("workers", known.workers), ("unit", known.units), ("grid", known.grids), ("category", known.categories))
        for kind, ask in names:
            if kind in verb.slots and (kind == "workers" or found.lacks(kind)) and ask(word):
                found.put(kind, word)
                return
        wanted = next((kind for kind in ("workers", "unit", "grid", "target", "code", "kind", "severity", "grade", "until")
                       if kind in verb.must and found.lacks(kind) and not (kind == "workers" and found.rank)), "")  # fmt: skip
        if not wanted and "workers" in verb.slots and any(NUMBER.fullmatch(each) for each in later):
            wanted = "workers"
        if not wanted and "category" in verb.slots and found.lacks("category") and verb.slots[0] != "text":
            wanted = "category"
        if not wanted and "layer" in verb.slots and found.lacks("layer"):
            wanted = "layer"
        if wanted:
            found.refuse("unknown", wanted, word)
        elif not found.put_text(word):
            found.refuse("extra", "", word)
