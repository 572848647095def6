"""K34, the minutes cameras could be watched: from the states on record, by area and by the unit they belong to."""

from __future__ import annotations

from governance.indicators import Boundaries, Figure
from server.indicators.computing import compute, definitions, shown

from .conftest import District, small_town
from .indicator_rows import at
from .test_indicators import ALL, LATER, OCTOBER

IDS = [camera.id for camera in small_town().cameras]
MINUTES = 31 * 24 * 60


def figures(district: District, boundaries: Boundaries = Boundaries.FILING) -> dict[str, Figure]:
    """K34 of the district, its streets and the units, by subject."""
    with district.ledger.transaction(snapshot=True) as connection:
        found = compute(connection, OCTOBER, LATER, boundaries, ALL, (6, 9))
        wanted = definitions(connection, OCTOBER)
    subjects = {each.subject for each in found}
    return {each: next(f for f in shown(found, wanted, each) if f.code == "K34") for each in subjects}


def was(district: District, camera: str, moment: str, before: str, after: str) -> None:
    """A state on record."""
    district.owner_executes("INSERT INTO camera_state VALUES (%s, %s, %s, %s)", camera, at(moment), before, after)


def test_minutes_online_are_counted_of_those_a_camera_was_there(district: District) -> None:
    assert figures(district) == {}  # they were entered today
    district.owner_executes("UPDATE camera SET since = %s", at("2026-09-01 00:00"))
    unit, department = district.officers["street1"].unit, district.officers["handler1"].unit  # it keeps what the police hung
    district.owner_executes("UPDATE camera SET unit = %s WHERE id = ANY(%s)", unit, IDS[:2])
    was(district, IDS[0], "2026-10-01 10:00", "online", "offline")
    was(district, IDS[0], "2026-10-01 12:00", "offline", "online")
    was(district, IDS[1], "2026-09-15 00:00", "online", "fault")  # all of October
    was(district, IDS[2], "2026-11-05 00:00", "offline", "online")  # it had been off until then
    district.owner_executes("UPDATE camera SET since = %s WHERE id = %s", at("2026-10-31 23:00"), IDS[3])
    district.owner_executes("UPDATE camera SET retired_at = %s WHERE id = %s", at("2026-10-02 00:00"), IDS[4])
    for boundaries in Boundaries:
        found = figures(district, boundaries)
        first, second = found["990001001"], found["990001002"]
        assert (first.num, first.den) == (str(MINUTES - 120 + 60), str(3 * MINUTES + 60))
        assert (second.num, second.den) == (str(3 * MINUTES + 1440), str(3 * MINUTES + 1440))
        assert (second.value, found[str(unit)].num, found[str(unit)].den) == ("100.00", str(MINUTES - 120), str(2 * MINUTES))
        assert found[ALL].den == str(6 * MINUTES + 60 + 1440)
        assert found[str(department)].den == str(4 * MINUTES + 60 + 1440)


def test_a_month_is_reckoned_by_where_a_camera_stood_then(district: District) -> None:
    district.owner_executes("UPDATE camera SET since = %s", at("2026-09-01 00:00"))
    before = figures(district)
    district.owner_executes(
        "INSERT INTO camera_was SELECT id, %s, grid_code, unit, place, since, NULL FROM camera WHERE id = %s",
        LATER.replace(year=2099),
        IDS[0],
    )
    grid = small_town().cameras[7].grid
    district.owner_executes("UPDATE camera SET grid_code = %s, since = now() WHERE id = %s", grid, IDS[0])
    assert figures(district) == before
