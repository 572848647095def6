"""What is written out is read back the same, and everything that differs between two sets of rules is a line."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, time

import msgspec
import pytest

from governance.places import Level
from governance.rules import Calendar, DutyRow, Rules
from server.rules_admin import exporting
from server.rules_admin.difference import differences
from server.rules_admin.gathering import gather
from server.rules_admin.sources import of_bytes
from server.rules_admin.telling import Telling
from server.rules_admin.words import DIFFERENCE
from tests.server.test_rules_files import BASE, CATEGORIES, CENTRE, KNOWN, LIMITS, MATRIX, OFFICE, UNITS

VARIED = replace(
    BASE,
    calendar=Calendar(
        hours=((time(9, 0), time(12, 0)), (time(22, 0), time(6, 0))),
        rest_days=frozenset({date(2027, 1, 1)}),
        makeup_days=frozenset({date(2027, 1, 2)}),
        day_hours=(
            (date(2027, 1, 2), ((time(8, 30), time(11, 0)),)),
            (date(2027, 1, 4), ((time(0), time(8)), (time(9), time(9, 30)))),
        ),
    ),
    ladder=(Level.COMMUNITY, Level.STREET, Level.DISTRICT),
    supervision_hours=(0.0, 20.0, 7.0, 3.0, 1.5),
    sample_percent=33.3,
    suspend_days={"defer": 5.0, "list": 50.5},
    plan_areas=("990001001",),
    candidate_weights={"skill": 2.0, "load": -1.5},
    reason_codes={"reject": frozenset({"a"}), "decline": frozenset({"b", "c"})},
)


@pytest.mark.parametrize("rules", [BASE, VARIED], ids=["seeded", "varied"])
def test_what_is_written_out_is_read_back_the_same(rules: Rules) -> None:
    files = exporting.written(rules, {unit: (code, "=1+1") for code, unit in UNITS.items()}, {"990001": "-区"})
    other = replace(BASE, limits=LIMITS[:3], duty_matrix=(), categories={}, calendar=Calendar(), ladder=(), reason_codes={})
    found, mistakes = gather(replace(other, categories=CATEGORIES), [of_bytes(*each) for each in files.items()], KNOWN)
    assert mistakes == ()
    assert found == replace(rules, duty_matrix=found.duty_matrix)
    assert set(found.duty_matrix) == set(rules.duty_matrix)
    assert differences(rules, found, {}) == []
    assert all(content.startswith(b"\xef\xbb\xbf") for name, content in files.items() if name.endswith(".csv"))
    assert b",=1+1" not in files["duties.csv"]
    again = exporting.written(found, {unit: (code, "=1+1") for code, unit in UNITS.items()}, {"990001": "-区"})
    assert again == files


def test_every_difference_between_two_sets_is_a_line() -> None:
    leaf = replace(CATEGORIES["09.01"], merge_radius_m=250.0, tell=("119",), card=None)
    rules = replace(
        VARIED,
        categories={code: c for code, c in CATEGORIES.items() if code != "10.03"} | {"09.01": leaf, "09.08": leaf},
        limits=(replace(LIMITS[0], amount=16.0), *LIMITS[2:]),
        duty_matrix=(replace(MATRIX[0], unit=OFFICE), DutyRow("", "990001", CENTRE, "assist")),
    )
    lines = differences(BASE, rules, {unit: code for code, unit in UNITS.items()})
    out = io.StringIO()
    Telling("zh", out).differs(1, lines)
    said = out.getvalue()
    for wanted in (
        "~ 类别 09.01 merge_radius_m：300 → 250",
        "~ 类别 09.01 tell：119, gas → 119",
        "+ 类别 09.08",
        "- 类别 10.03 价格欺诈",
        "~ 时限 * * intake normal：15 minute → 16 minute",
        "- 时限 * * intake urgent：5 minute",
        "~ 权责 * 990001001 lead：S990001001 0 → O990001001001 0",
        "+ 权责 * 990001 assist C990001：0",
        "- 权责 03.01 990001 check C990001：3",
        "+ 日历 2027-01-01：rest",
        "+ 日历 2027-01-02：makeup_work 08:30-11:00",
        "~ 设置 hours：08:30-12:00 13:30-17:30 → 09:00-12:00 22:00-06:00",
        "~ 设置 ladder：grid, community, street, district → community, street, district",
        "~ 设置 supervision_hours：",
        "~ 设置 reason_codes：",
    ):
        assert f"  {wanted}" in said
    assert {line.code for line in lines} <= set(DIFFERENCE)
    assert msgspec.json.encode(lines)
