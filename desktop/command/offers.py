"""What each kind of argument could be: the words that name it beyond doubt, best first, each saying what it is; plain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from desktop.command.known import Known
from desktop.command.letters import NUMBER, PARTICLES
from desktop.command.sentence import Offered
from desktop.command.values import CLOSED, FIELDS, choices_of, chosen
from desktop.command.verbs import Verb
from desktop.dispatch.filling import Filling
from desktop.dispatch.form_order import refused_now
from desktop.dispatch.initials import spellings
from desktop.dispatch.moments import is_time
from desktop.phrases import category_path, title_of
from desktop.seat import Seat
from governance.incident import Case
from governance.people import Duty, Worker

MOST = 40
DUTY_ORDER = {Duty.ON_DUTY: 0, Duty.ON_TASK: 1, Duty.ON_CALL: 2, Duty.LOST: 3, Duty.OFF: 4}
_NAME = re.compile(r"[\w·]{2,}")
Offer = Callable[[Seat, Verb, str, Filling], Iterator[Offered]]
"""What could be meant by the beginning of a word, for a verb, after what was said already."""


def is_refused(seat: Seat, verb: Verb, case: Case | None) -> bool:
    """Whether the rules, or what this desk has forms for, leave a verb out now; without a case nothing is known."""
    if case is None:
        return False
    return refused_now(verb.action, case, seat.officer, seat.situation.rules, seat.now()) is not None


def _incidents(seat: Seat, verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    """Incidents by the tail of their number, by title or initials; those the verb may be said of come first."""
    tail, words, rules = word.lstrip("#").upper(), seat.words, seat.situation.rules
    if is_time(word):
        return
    is_name = bool(word) and not any(letter.isdigit() for letter in word)
    found = []
    for case in seat.situation.cases.values():
        number = case.incident.number
        running = number.rpartition("-")[2]
        fits = running.startswith(tail) or running.endswith(tail) or ("-" in tail and number.endswith(tail))
        if fits or (is_name and _begins(word, title_of(words, rules, case))):
            found.append(case)
    chosen_now = seat.selection.incident
    found.sort(key=lambda case: (case.incident.id == chosen_now, case.incident.reported_at, case.incident.number), reverse=True)
    found = found[: MOST * 2]
    may = [case for case in found if not (verb.is_order and is_refused(seat, verb, case))]
    not_now = [case for case in found if case not in may]
    ends = _tails(seat)
    for case in (*may, *not_now):
        number = case.incident.number
        running = number.rpartition("-")[2]
        said = running if ends.get(running) == 1 else number
        state = words(f"state.{case.incident.state}")
        place = seat.place_short(case.incident.grid, case.incident.place_text)
        note = words("sep").join((title_of(words, rules, case), state, place))
        yield Offered(said, running, note, case not in may)


def _tails(seat: Seat) -> dict[str, int]:
    """How many numbers each running number ends: what is one's alone names an incident."""
    counts: dict[str, int] = {}
    for case in seat.situation.cases.values():
        running = case.incident.number.rpartition("-")[2]
        for end in {running, running[-4:]}:
            counts[end] = counts.get(end, 0) + 1
    return counts


def _workers(seat: Seat, verb: Verb, word: str, filling: Filling) -> Iterator[Offered]:
    """Workers by name, initials or number; the free ones near the incident first."""
    people = seat.situation.workers.people()
    named = Counter(worker.name.lower() for worker in people)
    case = seat.situation.cases.get(filling.incident) if filling.incident else None
    grid = case.incident.grid if case is not None else ""
    found = [worker for worker in people if not word or _begins(word, worker.name)] if not NUMBER.fullmatch(word) else []
    if word.startswith("#"):
        found = [worker for worker in people if str(worker.number).startswith(word[1:])]
    found.sort(key=lambda worker: (DUTY_ORDER[worker.duty], -_nearness(worker.grid, grid), worker.live_tasks, worker.name))
    for worker in found[:MOST]:
        yield Offered(_word_for(verb, worker, named), worker.name, _worker_note(seat, worker), worker.duty is Duty.OFF)


def _word_for(verb: Verb, worker: Worker, named: Counter[str]) -> str:
    """What names a worker beyond doubt: the name, or the number where that could be something else."""
    name = worker.name
    is_plain = bool(_NAME.fullmatch(name)) and not name.isdecimal() and name.lower() not in PARTICLES
    taken = any(chosen(kind, verb.action, name) for kind in CLOSED if kind in verb.slots) or is_time(name)
    return name if is_plain and not taken and named[name.lower()] == 1 else f"#{worker.number}"


def _worker_note(seat: Seat, worker: Worker) -> str:
    words = seat.words
    duty = words("why.busy", tasks=worker.live_tasks) if worker.duty is Duty.ON_TASK else words(f"duty.{worker.duty}")
    unit = seat.situation.units.get(worker.unit)
    where = seat.place_short(worker.grid, "") if worker.is_in_field or unit is None else unit.name
    return words("sep").join((duty, where, f"#{worker.number}"))


def _units(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    known = Known(seat)
    for unit in seat.situation.units.values():
        if not word or _begins(word, unit.name) or unit.code.lower().startswith(word.lower()):
            said = unit.name if _NAME.fullmatch(unit.name) and known.units(unit.name) == [unit] else unit.code
            if known.units(said) == [unit] and not known.workers(said):
                yield Offered(said, unit.name, unit.code)


def _grids(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    for code in Known(seat).grids(word) if word else ():
        yield Offered(code, seat.place_line(code, ""), code)


def _categories(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    rules = seat.situation.rules
    for leaf in sorted((each for each in rules.categories.values() if each.is_leaf), key=lambda each: each.code):
        names = (leaf.name_zh, leaf.name_en, leaf.code)
        if word and any(_begins(word, name) for name in names):
            yield Offered(leaf.code, category_path(seat.words, rules, leaf.code), leaf.code)


def _choices(kind: str) -> Offer:
    """The values of a closed kind that begin so."""

    def offers(seat: Seat, verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
        low, at = word.lower(), 0 if seat.words.language == "zh" else 1
        for choice in choices_of(kind, verb.action):
            if any(each.lower().startswith(low) for each in choice.words):
                others = (word for word in choice.words[:3] if word != choice.words[at])
                yield Offered(choice.words[at], choice.words[at], seat.words("sep").join(others))

    return offers


def _times(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    for said in ("2h", "1天", "3天", "7天", "30天") if seat.words.language == "zh" else ("2h", "1d", "3d", "7d", "30d"):
        if said.startswith(word.lower()):
            yield Offered(said, said, seat.words("slot.until"))


def _named(kind: str) -> Offer:
    """How a text is begun."""

    def offers(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
        said = f"{seat.words(f'slot.{kind}.name')}="
        if not word or said.startswith(word.lower()):
            yield Offered(said, said, seat.words(f"slot.{kind}"))

    return offers


def _edits(seat: Seat, _verb: Verb, word: str, _filling: Filling) -> Iterator[Offered]:
    for name in FIELDS:
        if name.isascii() == (seat.words.language == "en") and name.startswith(word.lower()):
            yield Offered(f"{name}=", f"{name}=", seat.words("slot.edits"))


OFFERS: dict[str, Offer] = {
    "incident": _incidents, "sources": _incidents, "workers": _workers, "unit": _units, "grid": _grids, "category": _categories,
    "until": _times, "edits": _edits, "reason": _named("reason"), "text": _named("text"),
    **{kind: _choices(kind) for kind in CLOSED},
}  # fmt: skip


def _begins(word: str, name: str) -> bool:
    """Whether a word is the beginning of a name or of its initials, or stands in it."""
    low = word.lower()
    return low in name.lower() or (low.isascii() and any(way.startswith(low) for way in spellings(name).split("\n")))


def _nearness(one: str, other: str) -> int:
    """How much two grids have in common: 3 they are the same, 2 their community, 1 their street."""
    return (one == other) + (one[:12] == other[:12]) + (one[:9] == other[:9])
