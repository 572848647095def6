"""A report of what was closed lately is linked to it: the one that is named is looked at, others are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from governance.commands import (
    Accept,
    CheckPass,
    Complete,
    Dispatch,
    File,
    MakeReport,
    Recipient,
    SendCheck,
    SendFeedback,
)
from governance.incident import Attachment, State
from governance.places import LonLat
from governance.refusal import Refused
from server.ledger.entry import Entered

from .conftest import District, middle

STALL, RUBBISH, QUARREL = "03.02", "03.01", "08.01"


def closed(district: District, category: str = STALL, days: float = 2.0, told: bool = True, house: str = "") -> Entered:
    """An incident of the first grid that was closed so many days ago; archived too, once its echoes were given."""
    worker = district.workers[0]
    officer, then = district.field_officer(worker), datetime.now(UTC) - timedelta(days=days)
    photo = Attachment(uuid4(), "ab" * 32, "image/jpeg", 1000, "after", then)
    gone = district.order(MakeReport("有人摆摊", middle(0), category=category, place_text=house), "duty1", now=then)
    for command, by in (
        (File(category, reason="已核实"), "duty1"),
        (Dispatch(Recipient(worker.id), reason="就近"), "duty1"),
        (Accept(), officer),
        (Complete("已劝离", (photo,)), officer),
        (SendCheck(), "duty1"),
        (CheckPass(condition_met=True), "check1"),
        (SendFeedback("已办结"), "duty1"),
    )[: 7 if told else 6]:
        gone = district.order(command, by, gone, now=then)  # type: ignore[arg-type]
    assert gone.case is not None
    assert gone.case.incident.state is (State.ARCHIVED if told else State.CLOSED)
    return gone


def near(north_m: float, grid: int = 0) -> LonLat:
    """So far north of the middle of a grid."""
    at = middle(grid)
    return LonLat(at.lon, at.lat + north_m / 111_195)


@pytest.mark.parametrize(
    ("before", "report", "is_repeat"),
    [
        ({}, MakeReport("又摆了", near(20), category=STALL), True),
        ({"told": False}, MakeReport("又摆了", near(20), category=STALL), True),
        ({"days": 31.0}, MakeReport("又摆了", near(20), category=STALL), False),
        ({}, MakeReport("又摆了", near(60), category=STALL), False),
        ({}, MakeReport("又摆了", near(20), category=RUBBISH), False),
        ({}, MakeReport("又摆了", near(20)), False),
        (
            {"category": QUARREL, "house": "12 幢 302"},
            MakeReport("又吵", near(9), category=QUARREL, place_text="12 幢 302"),
            True,
        ),
        (
            {"category": QUARREL, "house": "12 幢 302"},
            MakeReport("又吵", near(9), category=QUARREL, place_text="12 幢 301"),
            False,
        ),
    ],
)
def test_what_is_reported_again_within_thirty_days_is_found(
    district: District, before: dict[str, object], report: MakeReport, is_repeat: bool
) -> None:
    gone = closed(district, **before)  # type: ignore[arg-type]
    made = district.order(report, "duty1")
    assert made.case is not None
    assert made.case.incident.repeat_of == (gone.incident if is_repeat else None)


@pytest.mark.parametrize(
    ("before", "report", "refused"),
    [
        ({}, MakeReport("又摆了", near(250)), ""),
        ({"days": 31.0}, MakeReport("又摆了", near(5)), "not_repeatable"),
        ({}, MakeReport("又摆了", near(5), category=RUBBISH), "not_repeatable"),
        ({}, MakeReport("又摆了", near(350)), "not_repeatable"),
    ],
)
def test_what_a_report_says_it_repeats_is_looked_at(
    district: District, before: dict[str, object], report: MakeReport, refused: str
) -> None:
    gone = closed(district, **before)  # type: ignore[arg-type]
    named = replace(report, repeat_of=gone.incident)
    if refused:
        with pytest.raises(Refused, match=refused):
            district.order(named, "duty1")
    else:
        made = district.order(named, "duty1")
        assert made.case is not None
        assert made.case.incident.repeat_of == gone.incident


def test_what_is_open_is_not_repeated(district: District) -> None:
    there = district.order(MakeReport("有人摆摊", middle(0), category=STALL), "duty1")
    with pytest.raises(Refused, match="not_repeatable"):
        district.order(MakeReport("又摆了", near(5), repeat_of=there.incident), "duty1")


def test_an_incident_an_officer_may_not_see_is_none_that_he_can_repeat(district: District) -> None:
    gone = closed(district)
    district.owner_executes("UPDATE incident SET confidentiality = 3, version = version + 1 WHERE id = %s", gone.incident)
    with pytest.raises(Refused, match="no_such_incident"):
        district.order(MakeReport("又摆了", near(5), repeat_of=gone.incident), "duty1")
    assert district.order(MakeReport("又摆了", near(5), category=STALL), "duty1").case.incident.repeat_of is None  # type: ignore[union-attr]
