"""Desks ask for indicators: within the area of the post, kept for a minute, exports on record and limited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from governance.indicators import Boundaries, Missing, Month
from governance.refusal import Refused
from server.indicators import periods
from server.indicators.counter import IndicatorCounter
from server.sessions import Session
from wire.indicator_requests import ExportIndicators, IndicatorsAre, ReadIndicators
from wire.requests import Refusal

from .conftest import District, RawDesk
from .indicator_rows import GRIDS, Made, at, closed, load, many

OCTOBER = "2026-10"
NOW = at("2026-11-10 09:00")


class Clockwork:
    """The time, and seconds that only grow, in the test's hand."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 0.0

    def pass_s(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)


def counter_of(district: District, clockwork: Clockwork) -> IndicatorCounter:
    return IndicatorCounter(district.ledger, lambda: clockwork.now, lambda: clockwork.seconds)


def session(district: District, login: str) -> Session:
    return Session(uuid4(), "", login, district.officers[login], "", "", b"", b"", NOW, False, ())


def ask(counter: IndicatorCounter, who: Session, request: ReadIndicators | ExportIndicators) -> IndicatorsAre:
    return counter.table[type(request)](who, request)


def value(reply: IndicatorsAre, subject: str, code: str) -> str | None:
    return next(each.value for each in reply.figures if (each.subject, each.code) == (subject, code))


def test_an_officer_sees_his_area_and_what_lies_below_it(district: District) -> None:
    load(district, [closed(grid=grid) for grid in GRIDS])
    counter = counter_of(district, Clockwork())
    whole = ask(counter, session(district, "duty1"), ReadIndicators(7, OCTOBER))
    assert (whole.n, whole.area, whole.state) == (7, "990001", "open")
    assert [value(whole, code, "K06") for code in ("990001", "990001001", "990001002")] == ["8", "4", "4"]
    street = ask(counter, session(district, "street1"), ReadIndicators(8, OCTOBER))
    assert street.area == "990001001"
    assert {each.subject for each in street.figures} == {"990001001", "990001001001", "990001001002"}
    by_unit = ask(counter, session(district, "street1"), ReadIndicators(9, OCTOBER, by="unit"))
    units = {each.subject for each in by_unit.figures} - {"990001001"}
    assert units
    assert all(by_unit.names[unit] for unit in units)


@pytest.mark.parametrize(
    ("login", "request_", "code"),
    [
        ("street1", ReadIndicators(1, OCTOBER, "990001"), "not_your_area"),
        ("street1", ReadIndicators(1, OCTOBER, "990001002"), "not_your_area"),
        ("duty1", ReadIndicators(1, OCTOBER, "99000"), "no_such_area"),
        ("duty1", ReadIndicators(1, OCTOBER, "990001009"), "no_such_area"),
        ("duty1", ReadIndicators(1, "2026-00"), "no_such_month"),
        ("duty1", ReadIndicators(1, "2026-12"), "month_to_come"),
        ("duty1", ReadIndicators(1, OCTOBER, by="person"), "bad_value"),
        ("admin1", ReadIndicators(1, OCTOBER), "not_your_role"),
        ("check1", ReadIndicators(1, OCTOBER), "not_your_role"),
    ],
)
def test_what_may_not_be_asked_is_refused_with_its_reason(
    district: District, login: str, request_: ReadIndicators, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        ask(counter_of(district, Clockwork()), session(district, login), request_)


@pytest.mark.parametrize("login", ["leader1", "audit1"])
def test_what_one_worker_comes_to_is_shown_to_who_sees_scores(district: District, login: str) -> None:
    first, second = district.workers[0], district.workers[1]
    load(district, [closed(), closed(state="voided"), closed(), Made(state="rejected", filed_at=None)])
    district.owner_executes("ALTER TABLE report DISABLE TRIGGER USER")
    district.owner_executes("UPDATE report SET reporter_worker = %s WHERE ord = 0", first.id)
    counter, who = counter_of(district, Clockwork()), session(district, login)
    reply = ask(counter, who, ReadIndicators(1, OCTOBER, by="worker"))
    assert {each.subject for each in reply.figures} == {"990001", str(first.id)}
    (figure,) = [each for each in reply.figures if each.code == "K29" and each.subject == str(first.id)]
    assert (figure.num, figure.den, figure.value) == ("2", "3", "66.67")
    assert next(each for each in reply.figures if each.code == "K29").missing is Missing.FEW, "one person is no statistic"
    assert reply.names[str(first.id)] == f"{first.name} #{first.number}"
    assert str(second.id) not in reply.names


@pytest.mark.parametrize("login", ["duty1", "lead1", "street1"])
def test_what_one_worker_comes_to_is_shown_to_nobody_else(district: District, login: str) -> None:
    counter = counter_of(district, Clockwork())
    ask(counter, session(district, "audit1"), ReadIndicators(1, OCTOBER, by="worker"))
    with pytest.raises(Refused, match="not_your_role"):
        ask(counter, session(district, login), ReadIndicators(2, OCTOBER, by="worker"))
    with pytest.raises(Refused, match="not_your_role"):
        ask(counter, session(district, login), ExportIndicators(3, OCTOBER, by="worker"))


def test_an_answer_is_kept_for_a_minute(district: District) -> None:
    clockwork = Clockwork()
    counter, who = counter_of(district, clockwork), session(district, "duty1")
    assert value(ask(counter, who, ReadIndicators(1, OCTOBER)), "990001", "K01") == "0"
    load(district, [Made()])
    clockwork.pass_s(59)
    assert value(ask(counter, who, ReadIndicators(2, OCTOBER)), "990001", "K01") == "0"
    clockwork.pass_s(2)
    assert value(ask(counter, who, ReadIndicators(3, OCTOBER)), "990001", "K01") == "1"


def test_charts_are_by_day_by_category_and_by_how_long_it_is_overdue(district: District) -> None:
    late = [
        replace(Made(), deadline=at(day))
        for day in ("2026-10-31 20:00", "2026-10-30 12:00", "2026-10-02 00:00", "2026-09-02 00:00")
    ]
    load(district, [*many(3, closed(category="08.01")), *late])
    reply = ask(counter_of(district, Clockwork()), session(district, "duty1"), ReadIndicators(1, OCTOBER))
    assert len(reply.trend) == 31
    days = {each.key: each.counts for each in reply.trend}
    assert (days["2026-10-10"], days["2026-10-12"], days["2026-10-11"]) == ((7, 7, 0), (0, 0, 3), (0, 0, 0))
    assert {each.key: each.counts for each in reply.categories} == {"03": (4, 4), "08": (3, 0)}
    assert {each.key: each.counts[0] for each in reply.ageing} == {"1": 1, "3": 1, "7": 0, "30": 1, "more": 1}


def test_a_frozen_month_shows_what_stands_and_what_would_be_another_now(district: District) -> None:
    load(district, many(4, closed()))
    periods.freeze(district.ledger, Month.of(OCTOBER), district.officers["audit1"], "tester", NOW)
    load(district, [closed()])  # a row that was not there, as no order could bring it
    clockwork = Clockwork()
    clockwork.pass_s(86_400)
    reply = ask(counter_of(district, clockwork), session(district, "leader1"), ReadIndicators(1, OCTOBER))
    assert (reply.state, value(reply, "990001", "K06"), reply.at) == ("frozen", "4", NOW)
    assert next(each.value for each in reply.later if each.code == "K06") == "5"


@pytest.mark.parametrize("login", ["duty1", "leader1", "audit1"])
def test_an_export_is_on_record_before_it_is_answered(district: District, login: str) -> None:
    load(district, [closed()])
    counter, who = counter_of(district, Clockwork()), _signed_on(district, login)
    reply = ask(counter, who, ExportIndicators(1, OCTOBER, boundaries=Boundaries.CURRENT))
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT id, staff, rows, filter FROM export_log").fetchone()
    assert row is not None
    assert row[:3] == (reply.export, who.officer.staff, len(reply.figures))
    assert row[3] == {"month": OCTOBER, "area": "990001", "boundaries": "current", "by": "area"}


def test_who_is_signed_off_exports_nothing(district: District) -> None:
    with pytest.raises(Refused, match="session_over"):
        ask(counter_of(district, Clockwork()), session(district, "duty1"), ExportIndicators(1, OCTOBER))
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM export_log").fetchone() == (0,)


def _signed_on(district: District, login: str) -> Session:
    """A session that the ledger knows."""
    who = session(district, login)
    with district.ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO desk_session (id, client_key, account, post, seat, feed_topic, lane_topic, role, scope, clearance, "
            "began_at, expires_at) VALUES (%s, %s, %s, %s, '', %s, %s, %s, %s, %s, %s, %s)",
            (
                *(who.id, uuid4().hex, who.officer.account, who.officer.post, uuid4().bytes, uuid4().bytes),
                *(
                    who.officer.role.value,
                    who.officer.scope,
                    who.officer.clearance,
                    NOW,
                    datetime(2099, 1, 1, tzinfo=NOW.tzinfo),
                ),
            ),
        )
    return who


def test_a_real_desk_process_answers(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    load(district, many(6, closed()))
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1", listen=False)
    reply = desk.ask(ReadIndicators(0, OCTOBER), 30.0)
    assert isinstance(reply, IndicatorsAre), reply
    assert value(reply, "990001", "K07") == "100.00"
    refused = desk.ask(ReadIndicators(0, "2026-99"), 30.0)
    assert isinstance(refused, Refusal)
    assert refused.code == "no_such_month"
