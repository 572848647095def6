"""Indicators of a month: the fixtures of domain model part C, computed from rows in a real PostGIS."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from governance.indicators import Boundaries, Figure, Missing, Month
from server.indicators.computing import compute, definitions, shown

from .conftest import District
from .indicator_rows import GRIDS, Made, at, closed, load, many

OCTOBER, NOVEMBER = Month.of("2026-10"), Month.of("2026-11")
LATER = at("2027-01-05 08:00")
ALL = "990001"


def figures(
    district: District, month: Month = OCTOBER, subject: str = ALL, cut: datetime = LATER, area: str = ALL
) -> dict[str, Figure]:
    """The figures of one area or unit, by code."""
    with district.ledger.transaction(snapshot=True) as connection:
        values = compute(connection, month, cut, Boundaries.FILING, area, (len(area), len(area) + 3))
        return {each.code: each for each in shown(values, definitions(connection, month), subject)}


def values(found: dict[str, Figure], codes: str) -> list[str | None]:
    return [found[code].value for code in codes.split()]


def test_every_indicator_is_there_and_says_why_it_has_no_value(district: District) -> None:
    found = figures(district)
    assert next(iter(found)) == "K01"
    assert len(found) == 58
    assert {each.missing for code, each in found.items() if each.value is None} == {Missing.NOTHING}
    assert found["K01"].value == found["K06"].value == found["K09"].value == "0"


def test_shares_of_discovery_are_those_of_tonglu(district: District) -> None:
    load(district, [Made(discovery=kind) for kind, n in (("passive", 52), ("active", 47), ("smart", 1)) for _ in range(n)])
    assert values(figures(district), "K01 K27a K27b K27c") == ["100", "52.00", "47.00", "1.00"]


def test_shares_of_discovery_total_a_hundred_by_largest_remainder(district: District) -> None:
    load(district, [Made(discovery=kind, reports=n) for kind, n in (("passive", 1), ("active", 1), ("smart", 1))])
    assert values(figures(district), "K27a K27b K27c") == ["33.34", "33.33", "33.33"]
    load(district, [Made(discovery="passive"), Made(discovery="active"), Made(discovery="smart", reports=2)])
    assert values(figures(district), "K27a K27b K27c") == ["28.57", "28.57", "42.86"]


def test_service_and_regulation_are_those_of_jianggan(district: District) -> None:
    """S1: 4,205 of service, 39.29 %, solved 99.71 %; 6,498 of regulation, 60.71 %, solved 99.17 %; together 99.38 %."""
    load(
        district,
        many(4_193, closed(nature="service"))
        + many(12, closed(nature="service", close_type="special"))
        + many(6_444, closed(nature="regulation"))
        + many(54, replace(Made(), nature="regulation")),
    )
    found = figures(district)
    assert values(found, "K28a K28c K28b K28d K13") == ["39.29", "99.71", "60.71", "99.17", "99.38"]
    assert (found["K13"].num, found["K13"].den) == ("10637", "10703")


def test_the_real_time_completion_is_cumulative(district: District) -> None:
    """S4: 44,000 and 99.98 %."""
    old = {"reported_at": at("2026-03-01 09:00"), "filed_at": at("2026-03-01 10:00"), "deadline": at("2026-03-06 10:00")}
    done = {"completed_at": at("2026-03-03 10:00"), "closed_at": at("2026-03-03 12:00")}
    load(district, many(43_991, closed(**old, **done)) + many(9, replace(Made(), **old)))
    found = figures(district)["K14"]
    assert (found.num, found.den, found.value) == ("43991", "44000", "99.98")
    assert figures(district, Month.of("2026-02"))["K14"].missing is Missing.NOTHING


def test_closing_is_that_of_tianmen(district: District) -> None:
    """972 should be closed, 911 were, 737 of them in time: 93.72 % and 75.82 %."""
    late = {"deadline": at("2026-10-11 10:00"), "close_type": "overdue", "overdue": True, "used_s": 500_000.0}
    load(
        district,
        many(737, closed())
        + many(174, closed(**late))
        + many(61, replace(Made(), deadline=at("2026-10-20 10:00"), overdue=True)),
    )
    found = figures(district)
    assert values(found, "K09 K10 K11") == ["972", "93.72", "75.82"]
    assert (found["K10"].num, found["K11"].num, found["K10"].den, found["K10"].raw) == ("911", "737", "972", "972")


def test_containment_of_disputes_is_ninety_percent(district: District) -> None:
    load(district, [*many(9, closed(category="08.01", level=1)), closed(category="08.01", level=2)])
    assert values(figures(district), "K21d K21a") == ["90.00", "100.00"]


@pytest.mark.parametrize(
    ("magnitude", "code", "contained"),
    [("minor", "K21a", 2), ("major", "K21b", 3), ("grave", "K21c", 4)],
)
def test_containment_is_by_magnitude_and_highest_level(district: District, magnitude: str, code: str, contained: int) -> None:
    load(district, [closed(magnitude=magnitude, level=level) for level in (1, 2, 3, 4)])
    assert figures(district)[code].num == str(contained)


EDGES = {
    "2026-09-30 23:59:59.999999": "2026-09",
    "2026-10-01 00:00:00": "2026-10",
    "2026-10-31 23:59:59.999999": "2026-10",
    "2026-11-01 00:00:00": "2026-11",
}


@pytest.mark.parametrize(("moment", "month"), EDGES.items())
def test_a_month_begins_and_ends_at_midnight_of_shanghai(district: District, moment: str, month: str) -> None:
    load(district, [Made(reported_at=at(moment), filed_at=at(moment), deadline=at("2027-01-01 00:00"))])
    counted = {each: figures(district, Month.of(each))["K01"].value for each in ("2026-09", "2026-10", "2026-11")}
    assert counted == {each: "1" if each == month else "0" for each in counted}


def _months(district: District, code: str) -> dict[str, str | None]:
    """The months in which a count is not nothing."""
    found = {month: figures(district, Month.of(month))[code].value for month in ("2026-09", "2026-10", "2026-11", "2026-12")}
    return {month: value for month, value in found.items() if value != "0"}


OVERDUE_OCTOBER = {"deadline": at("2026-10-31 10:00"), "overdue": True}
MEMBERS: dict[str, tuple[Made, dict[str, str], dict[str, str]]] = {
    "done before it was due": (
        closed(deadline=at("2026-11-02 10:00")),
        {"2026-10": "1"},
        {"2026-10": "1"},
    ),
    "done late, in the month after": (
        closed(**OVERDUE_OCTOBER, completed_at=at("2026-11-05 10:00"), closed_at=at("2026-11-05 11:00"), close_type="overdue"),
        {"2026-10": "1"},
        {"2026-11": "1"},  # due on a Saturday, and the time of a check is working time
    ),
    "never done": (Made(**OVERDUE_OCTOBER), {"2026-10": "1"}, {"2026-11": "1"}),
    "not due yet": (Made(deadline=at("2027-03-01 10:00")), {}, {}),
    "suspended": (Made(suspended_until=at("2027-02-01 10:00")), {}, {}),
    "void": (closed(state="voided"), {}, {}),
    "merged": (Made(state="merged", merged_into=closed().id), {}, {}),
    "rejected": (Made(state="rejected", filed_at=None), {}, {}),
    "transferred after it was filed": (Made(state="transferred"), {}, {}),
    "closed specially": (
        closed(completed_at=None, close_type="special", deadline=at("2026-11-02 10:00")),
        {"2026-10": "1"},
        {"2026-10": "1"},
    ),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_cycle_belongs_to_one_month_at_most(district: District, name: str) -> None:
    made, handled, closed_in = MEMBERS[name]
    load(district, [made])
    assert _months(district, "K06") == handled
    assert _months(district, "K09") == closed_in


def test_a_reopened_incident_counts_once_for_every_cycle(district: District) -> None:
    first = closed(used_s=500_000.0, overdue=True, close_type="overdue")
    again = {"filed_at": at("2026-11-03 10:00"), "deadline": at("2026-11-08 10:00")}
    done = {"completed_at": at("2026-11-04 10:00"), "closed_at": at("2026-11-04 11:00")}
    load(district, [closed(before=(first,), **again, **done)])
    october, november = figures(district), figures(district, NOVEMBER)
    assert values(october, "K01 K06 K08 K09 K11 K13") == ["1", "1", "0.00", "1", "0.00", "100.00"]
    assert values(november, "K01 K06 K08 K09 K11 K13") == ["0", "1", "100.00", "1", "100.00", "100.00"]
    assert figures(district, NOVEMBER)["K14"].den == "2"


def test_of_a_month_that_runs_only_what_is_over_counts(district: District) -> None:
    load(district, [Made(deadline=at("2026-10-20 10:00")), Made(deadline=at("2026-10-30 10:00"))])
    assert figures(district, cut=at("2026-10-25 12:00"))["K06"].value == "1"
    assert figures(district)["K06"].value == "2"


def test_percentages_are_rounded_half_up(district: District) -> None:
    load(district, many(1, closed()) + many(799, Made(deadline=at("2026-10-12 10:00"), overdue=True)))
    assert figures(district)["K07"].value == "0.13"  # 0.125


def test_areas_and_units_count_what_is_theirs(district: District) -> None:
    load(district, [closed(grid=grid) for grid in GRIDS] + [closed(grid=GRIDS[7])])
    assert [figures(district, subject=code)["K06"].value for code in (ALL, ALL + "001", ALL + "002")] == ["9", "4", "5"]
    street = ALL + "002"
    found = figures(district, subject=street + "002", area=street)
    assert found["K06"].value == "3"
    assert figures(district, subject=ALL + "001", area=street)["K06"].value == "0"
    units = {worker.unit: worker.grid for worker in district.workers}
    totals = [int(figures(district, subject=str(unit))["K06"].value or 0) for unit in units]
    assert sum(totals) == 9


def test_fewer_than_five_persons_are_not_shown(district: District) -> None:
    load(district, [closed(satisfaction=5) for _ in range(4)])
    assert figures(district)["K25a"] == Figure(ALL, "K25a", missing=Missing.FEW)
    load(district, [closed(satisfaction=2)])
    assert values(figures(district), "K25a K25b") == ["80.00", "100.00"]


def test_times_are_means_medians_and_ranks(district: District) -> None:
    load(district, [closed(used_s=hours * 3600.0) for hours in (1, 2, 3, 10)])
    assert values(figures(district), "K18a K18b K18c K18d") == ["4.00", "2.50", "7.90", "48.00"]
    assert values(figures(district), "K20a K20b K20c K05") == ["3.00", "4.00", "30.00", "100.00"]


def _move_second_grid(district: District) -> None:
    """On the first of November the second grid becomes a grid of the neighbouring community."""
    district.owner_executes(
        "UPDATE area_version SET valid = daterange(lower(valid), '2026-11-01') WHERE code = %s AND upper_inf(valid)", GRIDS[1]
    )
    district.owner_executes("INSERT INTO area VALUES (%s, 'grid', '990001001002003')", UUID(int=3))
    district.owner_executes(
        "INSERT INTO area_version (id, area, valid, level, code, parent_code, name, kind_name, boundary) SELECT %s, %s, "
        "'[2026-11-01,)', 1, '990001001002003', '990001001002', '新网格', '网格', boundary FROM area_version WHERE code = %s",
        *(UUID(int=4), UUID(int=3), GRIDS[1]),
    )


def test_a_figure_is_by_the_boundaries_of_then_or_of_now(district: District) -> None:
    load(district, [closed(grid=grid) for grid in GRIDS])
    _move_second_grid(district)
    counted: dict[tuple[Boundaries, str], str | None] = {}
    for boundaries in Boundaries:
        with district.ledger.transaction(snapshot=True) as connection:
            found = compute(connection, OCTOBER, LATER, boundaries, ALL, (6, 12))
            wanted = definitions(connection, OCTOBER)
        for community in ("990001001001", "990001001002", ALL):
            figure = next(each for each in shown(found, wanted, community) if each.code == "K06")
            counted[boundaries, community] = figure.value
    assert counted == {
        (Boundaries.FILING, "990001001001"): "2",
        (Boundaries.FILING, "990001001002"): "2",
        (Boundaries.FILING, ALL): "8",
        (Boundaries.CURRENT, "990001001001"): "1",
        (Boundaries.CURRENT, "990001001002"): "3",
        (Boundaries.CURRENT, ALL): "8",
    }


def test_current_boundaries_of_a_past_moment_are_those_of_then(district: District) -> None:
    load(district, [closed(grid=grid) for grid in GRIDS])
    _move_second_grid(district)
    with district.ledger.transaction(snapshot=True) as connection:
        found = compute(connection, OCTOBER, at("2026-10-31 23:00"), Boundaries.CURRENT, ALL, (12,))
    assert {each.subject: str(each.num) for each in found if each.code == "K06" and each.subject.isdigit()} == {
        f"99000100{street}00{community}": "2" for street in (1, 2) for community in (1, 2)
    }
