"""What a tooltip on the map says of a pin, a worker, a camera or a grid, and a corner of it of whose data it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from desktop.dispatch.case_view import left_said, state_text
from desktop.map.tracks import Stretch, Way, speed_class
from desktop.phrases import SHANGHAI, span, title_of
from desktop.seat import Seat
from desktop.situation.workers import FRESH_S
from desktop.words import Words

MOST_NAMED = 3
"""Of the shapes and incidents that are not to be seen, so many are named on the map."""


def tip(seat: Seat, kind: str, name: str) -> str:
    """A line or two about a thing; empty where it is not there."""
    tellers = {"incident": _incident, "worker": _worker, "camera": _camera, "grid": _grid}
    return tellers[kind](seat, name) if kind in tellers else ""


def _incident(seat: Seat, name: str) -> str:
    case = seat.situation.cases.get(UUID(name))
    if case is None:
        return ""
    words, incident = seat.words, case.incident
    urgency = words(f"urgency.{int(incident.urgency)}")
    left = left_said(words, case, seat.now(), seat.situation.rules.calendar)
    first = words("sep").join(part for part in (urgency, title_of(words, seat.situation.rules, case), left) if part)
    return f"{first}\n{seat.place_line(incident.grid, incident.place_text)}\n{state_text(words, case)}"


def _worker(seat: Seat, name: str) -> str:
    row = seat.situation.workers.row_of_number(int(name))
    if row is None:
        return ""
    words, workers = seat.words, seat.situation.workers
    person = workers.people()[row]
    age_s = seat.now().timestamp() - float(workers.at_s[row])
    said = [person.name, words(f"duty.{person.duty}"), seat.place_short(person.grid, "")]
    if age_s > FRESH_S:
        said.append(words("why.stale", age=span(words, age_s)))
    ranked = seat.selection.ranked.people if seat.selection.ranked is not None else ()
    why = next((each.why for each in ranked if each.worker == person.id), "")
    return "\n".join(part for part in (words("sep").join(said), why) if part)


def _camera(seat: Seat, name: str) -> str:
    camera = seat.situation.cameras.get(name)
    return "" if camera is None else seat.words("sep").join((camera.name, seat.words(f"camera.{camera.state}"), camera.owner))


def _grid(seat: Seat, name: str) -> str:
    open_count, overdue = seat.situation.load.within(name)
    said = [seat.place_line(name, ""), seat.words("map.tip.load", open=open_count, overdue=overdue)]
    return seat.words("sep").join(said)


def fix_tip(words: Words, fix: tuple[Way, int] | None) -> str:
    """Who was where when, and how fast from there on; empty where the fix is shown no more."""
    if fix is None:
        return ""
    way, row = fix
    at = datetime.fromtimestamp(float(way.at_s[row]), SHANGHAI)
    said = [words("track.fix", name=way.track.name, at=f"{at:%m-%d %H:%M:%S}")]
    if row == len(way.at_s) - 1:
        said.append(words("track.last"))
    elif way.stretch[row] != Stretch.SEEN:
        said.append(words("track.unseen", span=span(words, float(way.at_s[row + 1] - way.at_s[row]))))
    else:
        pace = int(speed_class(way.speed_m_s[row : row + 1])[0])
        speed = f"{float(way.speed_m_s[row]) * 3.6:.0f}"
        said.append(words("track.speed", pace=words(f"track.pace.{pace}"), speed=speed))
    return "\n".join(said)


def numbers_of(seat: Seat, ids: Sequence[str]) -> tuple[str, ...]:
    """The numbers of incidents, as an officer reads them."""
    found = (seat.situation.cases.get(UUID(each)) for each in ids)
    return tuple(case.incident.number for case in found if case is not None)


def sources(words: Words, attribution: str, lost: Sequence[str], far: Sequence[str] = ()) -> str:
    """Whose data a town is, and what lies so far off that it is not seen: shapes, all named in the log, and incidents."""
    said = [attribution] if attribution else []
    for key, those in (("map.left_out", lost), ("map.far_off", far)):
        if those:
            named = ("、" if words.language == "zh" else ", ").join(those[:MOST_NAMED])
            said.append(words(key, number=len(those), named=named))
    return " · ".join(said)
