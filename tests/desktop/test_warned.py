"""Officers are warned at half and at most of the resolve limit: on the row and on the card, in words and by shape."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from desktop.dispatch.case_view import time_said
from governance.incident import Timer, TimerKind, TimerState
from tests.fakes.desks import FakeDesk


@pytest.mark.parametrize(
    ("used", "said", "short", "notches"), [(0.4, "", "", 0), (0.6, "过半", "", 1), (0.85, "将超时", "将超时", 2)]
)
def test_half_and_most_of_the_limit_are_said_in_words_and_notches(
    desk: FakeDesk, used: float, said: str, short: str, notches: int
) -> None:
    rules, limit_s = desk.situation.rules, 4 * 3600.0
    filed = desk.now - timedelta(seconds=used * limit_s)
    due = filed + timedelta(seconds=limit_s)
    case = desk.choose("handling")
    clock = Timer(uuid4(), TimerKind.T7_RESOLVE, TimerState.RUNNING, filed, due, limit_s)
    incident = replace(case.incident, due_at=due, limit_s=limit_s, clock_since=filed, used_s=0.0, overdue=False, version=99)
    warned = replace(case, incident=incident, timers=(clock,), approvals=(), supervision=())
    desk.change(case, warned)
    words = desk.seat.words
    left = time_said(words, warned, desk.now, rules.calendar).removeprefix(said).strip()
    assert left.startswith("剩")
    assert time_said(words, warned, desk.now, rules.calendar, is_short=True).removesuffix(left).strip() == short
    assert desk.card.head.stage.text() == said
    clocks = desk.card.head.clocks.text().replace("\N{NO-BREAK SPACE}", " ")
    assert " ".join(filter(None, ("处置时限", said, left))) in clocks
    assert [word for word in ("过半", "将超时") if word in clocks] == [word for word in (said,) if word]
    row = desk.board.model.rows.row_of(case.incident.id)
    picture = desk.board.view.grab(desk.board.view.visualRect(desk.board.model.index(row))).toImage()
    column = [picture.pixelColor(picture.width() - 3, y).name() for y in range(picture.height())]
    inked = [colour == desk.seat.palette.urgent.lower() for colour in column]
    assert sum(now and not before for before, now in pairwise([False, *inked])) == notches
