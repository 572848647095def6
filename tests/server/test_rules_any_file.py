"""Whatever an administrator hands in is rules or mistakes, never a bug; and a place is where a field is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from governance.rules import Spans
from server.rules_admin.difference import differences
from server.rules_admin.gathering import gather
from server.rules_admin.sources import of_bytes
from server.rules_admin.toml_places import place_of_syntax, places_of
from tests.server.test_rules_files import BASE, CATEGORIES, DAY_HEADER, DUTY_HEADER, KNOWN, LIMIT_HEADER, LIMITS, MATRIX, source


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.sampled_from([".csv", ".toml"]))
def test_any_bytes_are_a_file_with_mistakes_or_without(content: bytes, ending: str) -> None:
    _, found = gather(BASE, [of_bytes(f"x{ending}", content)], KNOWN)
    assert isinstance(found, tuple)


cells = st.sampled_from(
    ["", "03.01", "990001", "C990001", "lead", "2027-01-01", "rest", "08:30", "-1", "1e9", "nan", '"', "x" * 300, "ack"]
)


@given(st.sampled_from([LIMIT_HEADER, DUTY_HEADER, DAY_HEADER]), st.lists(st.lists(cells, min_size=1, max_size=7), max_size=4))
def test_any_lines_under_a_header_are_rules_or_mistakes(header: str, lines: list[list[str]]) -> None:
    text = "\n".join([header, *(",".join(line) for line in lines)])
    rules, found = gather(BASE, [source("a.csv", text)], KNOWN)
    assert found or differences(BASE, rules, {}) is not None


names = st.sampled_from(["code", "leaf", "ladder", "hours", "x"])
toml = st.recursive(
    st.integers() | st.floats(allow_nan=True) | st.text(max_size=5) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["root", "limit", "reasons", "settings"]), toml, min_size=1))
def test_any_toml_is_rules_or_mistakes(content: dict[str, object]) -> None:
    gather(BASE, [source("a.toml", tomli_w.dumps(content))], KNOWN)


def test_the_place_of_a_toml_field_is_where_it_is_written() -> None:
    text = 'a = """\nx = 1\n[b]\n"""\n[[b]]\n"c d" = [ # [\n  { e = 1 }, { e = 2 },\n]\n\n[[b]]\n'
    text += '  [[b.f]]\n  g.h = \'"\'\n  [[b.f]]\n  g = "#"\n[i]\nj = 1'
    found = places_of(text)
    wanted = {
        ("a",): (1, 1), ("b", 0): (5, 1), ("b", 0, "c d"): (6, 1), ("b", 0, "c d", 1): (7, 14), ("b", 1): (10, 1),
        ("b", 1, "f", 0): (11, 3), ("b", 1, "f", 0, "g", "h"): (12, 3), ("b", 1, "f", 1, "g"): (14, 3), ("i", "j"): (16, 1),
    }  # fmt: skip
    assert {path: (found[path].line, found[path].column) for path in wanted} == wanted
    assert place_of_syntax("at end").line == 0


def test_order_alone_is_no_difference() -> None:
    shuffled = replace(BASE, limits=LIMITS[::-1], duty_matrix=MATRIX[::-1], categories=dict(reversed(CATEGORIES.items())))
    assert differences(BASE, shuffled, {}) == []


@pytest.mark.parametrize(
    ("row", "day", "spans"),
    [
        ("2027/1/2,makeup_work,8:30:00,11:30:00,,", date(2027, 1, 2), ((time(8, 30), time(11, 30)),)),
        ("2027-1-4,work,,,22:00,6:00", date(2027, 1, 4), ((time(22), time(6)),)),
    ],
)
def test_days_and_times_are_read_as_spreadsheets_write_them(row: str, day: date, spans: Spans) -> None:
    rules, found = gather(BASE, [source("a.csv", f"{DAY_HEADER}\n{row}\n")], KNOWN)
    assert found == ()
    assert rules.calendar.day_hours == ((day, spans),)
