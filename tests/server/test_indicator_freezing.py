"""An auditor freezes and publishes a month from his desk, once and for good; nobody else may, and everybody sees who did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from governance.indicators import Month
from governance.people import Role
from governance.refusal import Refused
from server.indicators import periods
from server.indicators.counter import IndicatorCounter
from wire.indicator_requests import FreezeIndicators, IndicatorsAre, PeriodIs, PublishIndicators, ReadIndicators
from wire.requests import Refusal

from .conftest import District, RawDesk
from .indicator_rows import closed, load, many
from .test_indicator_counter import NOW, OCTOBER, Clockwork, _signed_on, counter_of, session, value


def ask(counter: IndicatorCounter, who: Any, request: Any) -> Any:
    return counter.table[type(request)](who, request)


def state(district: District) -> str | None:
    with district.ledger.transaction() as connection:
        found = periods.find(connection, Month.of(OCTOBER))
    return found.state if found else None


def test_an_auditor_freezes_and_publishes_and_everybody_sees_when_and_by_whom(district: District) -> None:
    load(district, many(4, closed()))
    clockwork = Clockwork()
    counter, who = counter_of(district, clockwork), _signed_on(district, "audit1")
    viewer = session(district, "leader1")
    before = ask(counter, viewer, ReadIndicators(1, OCTOBER))
    assert (before.state, before.signed) == ("open", None)
    frozen = ask(counter, who, FreezeIndicators(2, OCTOBER))
    name = district.officers["audit1"].name
    assert isinstance(frozen, PeriodIs)
    assert (frozen.n, frozen.state, frozen.signed.frozen_by, frozen.signed.frozen_at) == (2, "frozen", name, NOW)
    seen = ask(counter, viewer, ReadIndicators(3, OCTOBER))
    assert isinstance(seen, IndicatorsAre)
    assert (seen.state, seen.signed, value(seen, "990001", "K06")) == ("frozen", frozen.signed, "4")
    clockwork.pass_s(120)
    published = ask(counter, who, PublishIndicators(4, OCTOBER))
    assert (published.state, published.signed.published_by, published.signed.published_at) == ("published", name, clockwork.now)
    assert ask(counter, viewer, ReadIndicators(5, OCTOBER)).signed == published.signed
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT act, staff FROM eval_act ORDER BY at").fetchall()
    assert rows == [("freeze", who.officer.staff), ("publish", who.officer.staff)]


@pytest.mark.parametrize("login", ["duty1", "lead1", "leader1", "admin1", "street1", "check1"])
def test_nobody_else_freezes_or_publishes(district: District, login: str) -> None:
    counter, who = counter_of(district, Clockwork()), _signed_on(district, login)
    for request in (FreezeIndicators(1, OCTOBER), PublishIndicators(1, OCTOBER)):
        with pytest.raises(Refused, match="not_your_role"):
            ask(counter, who, request)
    assert state(district) is None


def test_an_auditor_of_a_street_freezes_nothing_for_the_district(district: District) -> None:
    counter, who = counter_of(district, Clockwork()), _signed_on(district, "street1")
    who = replace(who, officer=replace(who.officer, role=Role.AUDITOR))
    with pytest.raises(Refused, match="below_level"):
        ask(counter, who, FreezeIndicators(1, OCTOBER))
    assert state(district) is None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (FreezeIndicators(1, "2026-11"), "month_not_over"),
        (FreezeIndicators(1, "2027-01"), "month_not_over"),
        (FreezeIndicators(1, "2026-13"), "no_such_month"),
        (FreezeIndicators(1, "十月"), "no_such_month"),
        (FreezeIndicators(1, "9" * 9_999), "no_such_month"),
        (PublishIndicators(1, OCTOBER), "month_open"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_what_cannot_be_frozen_is_refused_with_its_reason(district: District, request_: Any, code: str) -> None:
    counter, who = counter_of(district, Clockwork()), _signed_on(district, "audit1")
    with pytest.raises(Refused, match=code):
        ask(counter, who, request_)
    assert state(district) is None


def test_who_is_signed_off_freezes_nothing(district: District) -> None:
    with pytest.raises(Refused, match="session_over"):
        ask(counter_of(district, Clockwork()), session(district, "audit1"), FreezeIndicators(1, OCTOBER))
    assert state(district) is None


def test_of_two_who_freeze_at_once_one_hears_that_it_is_frozen(district: District) -> None:
    load(district, many(2, closed()))
    said: list[object] = []
    gate = threading.Barrier(2)
    people = [(counter_of(district, Clockwork()), _signed_on(district, "audit1")) for _ in range(2)]

    def freeze(counter: IndicatorCounter, who: Any) -> None:
        gate.wait(10)
        try:
            said.append(ask(counter, who, FreezeIndicators(1, OCTOBER)))
        except Refused as no:
            said.append(no.code)

    threads = [threading.Thread(target=freeze, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(type(each).__name__ for each in said) == ["PeriodIs", "str"]
    assert "month_frozen" in said
    assert state(district) == "frozen"


def test_a_month_is_published_once(district: District) -> None:
    load(district, [closed()])
    counter, who = counter_of(district, Clockwork()), _signed_on(district, "audit1")
    ask(counter, who, FreezeIndicators(1, OCTOBER))
    ask(counter, who, PublishIndicators(1, OCTOBER))
    for request, code in ((PublishIndicators(1, OCTOBER), "month_published"), (FreezeIndicators(1, OCTOBER), "month_frozen")):
        with pytest.raises(Refused, match=code):
            ask(counter, who, request)
    assert state(district) == "published"


def test_a_real_desk_process_freezes_for_the_auditor_alone(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    load(district, many(3, closed()))
    district.start("desk")
    auditor, officer = raw_desk(), raw_desk()
    auditor.sign_on("audit1", listen=False)
    officer.sign_on("duty1", listen=False)
    refused = officer.ask(FreezeIndicators(0, OCTOBER), 30.0)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_your_role"
    running = auditor.ask(FreezeIndicators(0, "2099-01"), 30.0)
    assert isinstance(running, Refusal)
    assert running.code == "month_not_over"
    frozen = auditor.ask(FreezeIndicators(0, OCTOBER), 60.0)
    assert isinstance(frozen, PeriodIs), frozen
    seen = officer.ask(ReadIndicators(0, OCTOBER), 30.0)
    assert isinstance(seen, IndicatorsAre)
    assert (seen.state, seen.signed) == ("frozen", frozen.signed)
