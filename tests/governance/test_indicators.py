"""Months, who sees and exports indicators, and the table they are written as."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from governance.indicator_csv import COLUMNS, MARK, table
from governance.indicators import (
    Boundaries,
    Direction,
    Figure,
    Indicator,
    Missing,
    Month,
    require_exporter,
    require_freezer,
    require_viewer,
)
from governance.people import Role
from governance.refusal import Refused
from tests.governance.field import officer


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-10", datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)),
        ("2026-12", datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2028-02", datetime(2028, 1, 31, 16, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_a_month_is_one_of_shanghai(text: str, start: datetime, end: datetime) -> None:
    month = Month.of(text)
    assert (str(month), month.start, month.end) == (text, start, end)
    assert Month.at(start) == month == Month.at(month.next.previous.start)
    assert Month.at(end) == month.next


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "26-10", "2026-10-01", "二〇二六", "1999-01", "9999-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no_such_month"):
        Month.of(text)


SEES = {Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER, Role.NIGHT_WATCH, Role.OPERATOR, Role.COORDINATOR}
SEES |= {Role.AUDITOR, Role.LEADER}
EXPORTS = {Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.NIGHT_WATCH, Role.OPERATOR, Role.AUDITOR, Role.LEADER}


@pytest.mark.parametrize("role", Role)
def test_who_sees_exports_and_freezes(role: Role) -> None:
    who = replace(officer(role), scope="330104")
    assert _is_refused(lambda: require_viewer(who, "330104005")) is (role not in SEES)
    assert _is_refused(lambda: require_exporter(who, 1_000)) is (role not in EXPORTS)
    assert _is_refused(lambda: require_exporter(who, 1_001)) is (role is not Role.AUDITOR)
    assert _is_refused(lambda: require_freezer(who)) is (role is not Role.AUDITOR)


def test_an_operator_of_a_community_exports_nothing() -> None:
    with pytest.raises(Refused, match="may_not_export"):
        require_exporter(replace(officer(Role.OPERATOR), scope="330104005051"), 1)


def _is_refused(ask: object) -> bool:
    try:
        ask()  # type: ignore[operator]
    except Refused:
        return True
    return False


def test_the_table_opens_in_a_spreadsheet_and_calculates_nothing() -> None:
    what = Indicator("K11", "closed_in_time/1", "percent", Direction.UP, "15", "95", "按期结案率", "Closed in time")
    figures = (Figure("330104", "K11", "737", "972", "972", "75.82"), Figure("330104005", "K11", missing=Missing.NOTHING))
    names = {"330104": "江干区", "330104005": '=HYPERLINK("x")'}
    text = table(Month.of("2026-10"), Boundaries.FILING, "open", (what,), figures, names, str.upper, "zh", "某人")
    assert text.startswith(MARK)
    rows = list(csv.reader(io.StringIO(text.removeprefix(MARK))))
    assert rows[0] == [f"COLUMN.{name.upper()}" for name in COLUMNS]
    assert rows[1][3:11] == ["330104", "江干区", "K11", "按期结案率", "737", "972", "972", "75.82"]
    assert rows[2][4] == '\'=HYPERLINK("x")'
    assert rows[2][10] == "–"
    assert rows[2][-1] == "MISSING.NOTHING"
    assert rows[-1] == ["某人"]
