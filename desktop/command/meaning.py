"""From the words of a line to what they stand for: a whole sentence, or the first thing that is wrong with it; plain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from uuid import UUID

from desktop.command.known import Known
from desktop.command.sentence import Offered, Reading, Sentence, Unfinished
from desktop.command.values import CLOSED, chosen
from desktop.command.verbs import Verb
from desktop.command.words_found import WordsFound
from desktop.dispatch.filling import Filling
from desktop.dispatch.moments import moment
from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from governance.incident import Case
from governance.people import Unit, Worker


class Meaning:
    """The arguments of one line, looked up in the situation."""

    def __init__(self, seat: Seat, verb: Verb, found: WordsFound) -> None:
        """Of words that were sorted by the argument they belong to."""
        self._seat, self._verb, self._found = seat, verb, found
        self._known = Known(seat)

    def put_together(self, at_once: bool) -> Reading:
        """The sentence, or the first thing that is wrong with it."""
        found, verb = self._found, self._verb
        filling = Filling(verb.action, kind=verb.kind, rank=found.rank, edits=tuple(found.edits))
        filling = replace(filling, reason=found.text_of("reason"), text=found.text_of("text"))
        problem = found.refused
        people, places = (self._with_workers, self._with_unit), (self._with_grid,)
        for step in (self._with_incidents, *people, *places, self._with_choices, self._with_until):
            filling, wrong = step(filling)
            problem = problem or wrong
        problem = problem or self._not_next(filling) or self._missing(filling)
        if problem is not None:
            return replace(problem, verb=verb, filling=filling)
        return Sentence(verb, filling, at_once)

    def _missing(self, filling: Filling) -> Unfinished | None:
        lacking = {
            "workers": not (filling.workers or filling.rank), "sources": not filling.sources, "unit": filling.unit is None,
            "until": filling.until is None, "severity": filling.severity is None, "grade": filling.grade is None,
            "incident": filling.incident is None, "grid": not filling.grid,
        }  # fmt: skip
        must = (*self._verb.must, *(("incident",) if "incident" in self._verb.slots else ()))
        missing = (kind for kind in must if lacking.get(kind, not getattr(filling, kind, "")))
        return next((Unfinished("missing", about=kind) for kind in missing), None)

    def _with_incidents(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        """The incident it is about; of a merge the last number is the master, or the selected one becomes part of it."""
        ids: list[UUID] = []
        problem = None
        slots = self._verb.slots
        named = self._found.of("incident")
        for word in (*self._found.of("sources"), *named):
            cases = self._known.incidents(word)
            if len(cases) == 1:
                ids.append(cases[0].incident.id)
            else:
                problem = problem or _unclear("incident", word, [self._case_offered(case) for case in cases])
        selected = self._known.selected()
        if "sources" in slots:
            if len(ids) == 1 and selected is not None and selected not in ids:
                ids.insert(0, selected)
            sources = tuple(dict.fromkeys(each for each in ids[:-1] if each != ids[-1]))
            return replace(filling, incident=ids[-1] if ids else selected, sources=sources), problem
        return replace(filling, incident=ids[0] if ids else selected if "incident" in slots and not named else None), problem

    def _with_workers(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        ids: list[UUID] = []
        problem = None
        for word in self._found.of("workers"):
            people = self._known.workers(word)
            if len(people) == 1:
                ids.append(people[0].id)
            else:
                problem = problem or _unclear("workers", word, [worker_offered(self._seat, each) for each in people])
        return replace(filling, workers=tuple(dict.fromkeys(ids))), problem

    def _with_unit(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        problem = None
        for word in self._found.of("unit"):
            units: list[Unit] = self._known.units(word)
            if len(units) == 1:
                filling = replace(filling, unit=units[0].id)
            else:
                problem = _unclear("unit", word, [Offered(each.code, each.name) for each in units])
        for word in self._found.of("category"):
            leaves = self._known.categories(word)
            if len(leaves) == 1:
                filling = replace(filling, category=leaves[0].code)
            else:
                names = [Offered(each.code, each.name_zh, each.name_en) for each in leaves]
                problem = problem or _unclear("category", word, names)
        return filling, problem

    def _with_grid(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        problem = None
        for word in self._found.of("grid"):
            grids = self._known.grids(word)
            if len(grids) == 1:
                filling = replace(filling, grid=grids[0])
            else:
                problem = _unclear("grid", word, [Offered(code, self._seat.place_line(code, ""), code) for code in grids])
        return filling, problem

    def _not_next(self, filling: Filling) -> Unfinished | None:
        """Raising and lowering go one level at a time: another one that was named is not what would be ordered."""
        step = {"raise_level": 1, "lower_level": -1}.get(self._verb.action, 0)
        case = self._seat.situation.cases.get(filling.incident) if filling.incident is not None else None
        if not step or filling.level is None or case is None or filling.level == case.incident.handling_level + step:
            return None
        return Unfinished("not_next", about="level", said=self._found.of("level")[0])

    def _with_choices(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        problem = None
        for kind in CLOSED:
            for word in self._found.of(kind):
                choice = chosen(kind, self._verb.action, word)
                if choice is None:
                    problem = problem or Unfinished("unknown", about=kind, said=word)
                else:
                    filling = replace(filling, **{kind: choice.value})  # type: ignore[arg-type]
        return filling, problem

    def _with_until(self, filling: Filling) -> tuple[Filling, Unfinished | None]:
        words = self._found.of("until")
        if not words:
            return filling, None
        now = self._seat.now()
        until = moment(words, now.astimezone(SHANGHAI))
        if until is None or until <= now:
            return filling, Unfinished("bad", about="until", said=" ".join(words))
        return replace(filling, until=until.astimezone(UTC), span_s=(until - now).total_seconds()), None

    def _case_offered(self, case: Case) -> Offered:
        return Offered(case.incident.number, case.incident.number, case.incident.title or case.incident.text[:20])


def worker_offered(seat: Seat, worker: Worker) -> Offered:
    """One worker to choose: by the name where nobody else fits it, else by the number."""
    words = seat.words
    place = seat.place_short(worker.grid, "")
    return Offered(f"#{worker.number}", worker.name, f"{words(f'duty.{worker.duty}')} · {place}")


def _unclear(kind: str, word: str, offered: list[Offered]) -> Unfinished:
    """Nothing fits a word, or more than one thing does."""
    return Unfinished("ambiguous" if offered else "unknown", about=kind, said=word, offered=tuple(offered[:40]))
