"""A flood of reports is attached in one act: one order, one step on the master, every report kept, every reporter owed."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.commands import (
    AttachReport,
    File,
    MakeReport,
    Merge,
    SendFeedback,
    Source,
    TransferOut,
    Unmerge,
)
from governance.incident import Case, FeedbackState, State, TimerKind, TimerState
from governance.refusal import Refused
from server.audit.verify import verify
from server.ledger import incidents
from server.ledger.entry import Entered
from server.ledger.reporters import Reporter

from .conftest import District, middle

OUTAGE = "03.02"
FLOOD = 200


def load(district: District, incident: UUID) -> Case:
    """The case as the ledger has it."""
    with district.ledger.transaction() as connection:
        return incidents.load(connection, incident)


def flood(district: District, count: int = FLOOD) -> list[Entered]:
    """So many reports of one kind from one grid."""
    return [
        district.order(
            MakeReport(f"整条街停水 {n}", middle(0), category=OUTAGE), "duty1", reporter=Reporter(f"上报人{n}", f"138{n:08d}")
        )
        for n in range(count)
    ]


def test_two_hundred_reports_are_attached_in_one_act(district: District) -> None:
    made = flood(district)
    master = district.order(File(OUTAGE), "duty1", made[0])
    began = time.perf_counter()
    merged = district.order(Merge(tuple(Source(each.incident, each.version) for each in made[1:])), "duty1", master)
    taken_s = time.perf_counter() - began
    case = load(district, master.incident)
    assert case.incident.version == master.version + 1
    assert [step.row for step in case.steps][-1] == "E51"
    assert case.incident.merged_count == FLOOD - 1
    assert len(case.reports) == len({report.id for report in case.reports}) == FLOOD
    with district.ledger.transaction() as connection:
        states = dict(connection.execute("SELECT state, count(*) FROM incident GROUP BY state").fetchall())
        (reports, named) = connection.execute(
            "SELECT count(*), count(p.report) FROM report r LEFT JOIN report_person p ON p.report = r.id WHERE r.incident = %s",
            (master.incident,),
        ).fetchone() or (0, 0)
        (ringing,) = connection.execute(
            "SELECT count(*) FROM timer WHERE kind = %s AND state = %s", (TimerKind.T1_INTAKE, TimerState.RUNNING)
        ).fetchone() or (-1,)
    assert states == {"merged": FLOOD - 1, "filed": 1}
    assert (reports, named, ringing) == (FLOOD, FLOOD, 0)
    assert taken_s < 2.0, taken_s
    told = district.order(TransferOut("water", "供水公司统一抢修", "水务 0571"), "duty1", merged)
    owed = [f for f in load(district, master.incident).feedback if f.target == "reporter" and f.state is FeedbackState.PENDING]
    assert len({f.report for f in owed}) == FLOOD
    district.order(SendFeedback("供水已恢复，给您带来不便，谢谢。"), "duty1", told)
    given = load(district, master.incident).feedback
    assert all(f.state is not FeedbackState.PENDING for f in given)
    assert len([f for f in given if f.target == "reporter" and f.text]) == FLOOD


def test_a_merge_of_many_is_all_or_nothing(district: District) -> None:
    made = flood(district, 5)
    late = district.order(File(OUTAGE), "duty1", made[3])
    with pytest.raises(Refused, match="stale_version"):
        district.order(Merge(tuple(Source(each.incident, each.version) for each in made[1:])), "duty1", made[0])
    assert all(len(load(district, each.incident).reports) == 1 for each in made)
    fresh = [late if each is made[3] else each for each in made]
    district.order(Merge(tuple(Source(each.incident, each.version) for each in fresh[1:])), "duty1", made[0])
    assert len(load(district, made[0].incident).reports) == 5


def test_what_was_merged_comes_back_for_its_author_and_later_for_a_shift_lead_only(district: District) -> None:
    made = flood(district, 3)
    now = datetime.now(UTC)
    district.order(Merge(tuple(Source(each.incident, each.version) for each in made[1:])), "duty1", made[0], now=now)
    for source, by, at, refused in (
        (made[1], "duty2", now + timedelta(minutes=1), "undo_too_late"),
        (made[1], "duty1", now + timedelta(minutes=6), "undo_too_late"),
        (made[1], "duty1", now + timedelta(minutes=4), ""),
        (made[2], "lead1", now + timedelta(hours=25), "unmerge_too_late"),
        (made[2], "lead1", now + timedelta(hours=23), ""),
    ):
        standing = load(district, source.incident).incident
        entered = Entered(source.order_id, source.incident, standing.version, source.stream, source.number)
        if refused:
            with pytest.raises(Refused, match=refused):
                district.order(Unmerge("不是一件事"), by, entered, now=at)
        else:
            district.order(Unmerge("不是一件事"), by, entered, now=at)
            back = load(district, source.incident)
            assert (back.incident.state, len(back.reports)) == (State.REPORTED, 1)
    assert len(load(district, made[0].incident).reports) == 1


@pytest.mark.parametrize(("by", "after_h"), [("duty1", 4 / 60), ("lead1", 23.0)])
def test_what_one_order_merged_comes_back_by_one_order(district: District, by: str, after_h: float) -> None:
    made, now = flood(district, 12), datetime.now(UTC)
    master, *others = made
    district.order(Merge(tuple(Source(each.incident, each.version) for each in others)), "duty1", master, now=now)
    standing = [load(district, each.incident).incident for each in others]
    first = replace(others[0], version=standing[0].version)
    at = now + timedelta(hours=after_h)
    named = tuple(Source(each.id, each.version) for each in standing[1:])
    stale = (*named[:-1], replace(named[-1], version=named[-1].version - 1))
    with pytest.raises(Refused, match="stale_version"):
        district.order(Unmerge("不是一件事", stale), by, first, now=at)
    assert load(district, master.incident).incident.merged_count == 11, "all or none"
    district.order(Unmerge("不是一件事", named), by, first, now=at)
    back = [load(district, each.incident) for each in others]
    assert all(each.incident.state is State.REPORTED and len(each.reports) == 1 for each in back)
    kept = load(district, master.incident)
    assert (kept.incident.merged_count, len(kept.reports)) == (0, 1)
    assert [step.row for step in kept.steps].count("E52") == 1
    assert verify(district.ledger).findings == []


def test_a_report_attached_keeps_its_reporter_sealed_and_owed(district: District) -> None:
    made = flood(district, 1)[0]
    report = MakeReport("隔壁楼也没水", middle(1), category=OUTAGE)
    again = district.order(AttachReport(report), "duty1", made, reporter=Reporter("李四", "13900001111"))
    case = load(district, made.incident)
    assert (again.version, len(case.reports)) == (made.version + 1, 2)
    told = district.order(TransferOut("water", "供水公司", "受理 8"), "duty1", again)
    assert len([f for f in load(district, made.incident).feedback if f.report]) == 2
    with district.ledger.transaction() as connection:
        (sealed,) = connection.execute(
            "SELECT count(*) FROM report_person WHERE report = %s AND name IS NOT NULL AND phone_hmac IS NOT NULL",
            (case.reports[1].id,),
        ).fetchone() or (0,)
    assert sealed == 1
    with pytest.raises(Refused, match="not_in_state"):
        district.order(AttachReport(report), "duty1", told)
