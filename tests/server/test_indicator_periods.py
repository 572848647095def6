"""A frozen month stands for good, comes to the same again whatever happens later, and tells what would be another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from governance.commands import (
    Accept,
    CheckPass,
    Complete,
    Dispatch,
    File,
    MakeReport,
    Merge,
    Recipient,
    Reopen,
    SendCheck,
    SendFeedback,
    Source,
    TimerFired,
)
from governance.incident import Attachment, Channel, TimerKind, TimerState
from governance.indicators import Boundaries, Month
from governance.lifecycle import SYSTEM_OFFICER
from governance.refusal import Refused
from server.indicators import periods, run
from server.ledger.entry import Entered

from .conftest import District, middle
from .indicator_rows import GRIDS, Made, at, closed, load, many

OCTOBER = Month.of("2026-10")
NOVEMBER_5 = at("2026-11-05 09:00")
PLAIN = "03.01"


def _photo() -> Attachment:
    return Attachment(uuid4(), "ab" * 32, "image/jpeg", 1000, "after", NOVEMBER_5)


class Life:
    """One incident driven through the order book, its clock in the test's hand."""

    def __init__(self, district: District, grid: int, reported_at: datetime) -> None:
        self.district, self.now = district, reported_at.astimezone(UTC)
        self.worker = next(w for w in district.workers if w.grid == GRIDS[grid])
        self.case: Entered | None = None
        self.case = self._order(MakeReport("垃圾堆积", middle(grid), channel=Channel.HOTLINE), "duty1")

    def _order(self, command: object, by: object) -> Entered:
        done: Entered = self.district.order(command, by, self.case, now=self.now)  # type: ignore[arg-type]
        return done

    def after(self, minutes: float, command: object, by: object = "duty1") -> Life:
        """So much later somebody does something."""
        self.now += timedelta(minutes=minutes)
        self.case = self._order(command, by)
        return self

    def handled(self) -> Life:
        """Filed, sent, taken up."""
        me = self.district.field_officer(self.worker)
        self.after(5, File(PLAIN)).after(5, Dispatch(Recipient(self.worker.id), reason="就近"))
        return self.after(5, Accept(), me)

    def closed(self, is_late: bool = False) -> Life:
        """Done, checked (what is late by two), told."""
        me = self.district.field_officer(self.worker)
        self.after(60, Complete("已清理", (_photo(),)), me).after(5, SendCheck()).after(
            5, CheckPass(condition_met=True), "check1"
        )
        if is_late:
            self.after(5, CheckPass(condition_met=True), "lead1")
        return self.after(5, SendFeedback("已处理", satisfaction=5))


def frozen(district: District, when: datetime = NOVEMBER_5) -> periods.Period:
    return periods.freeze(district.ledger, OCTOBER, district.officers["audit1"], "tester", when.astimezone(UTC))


def _kept(district: District) -> list[tuple[object, ...]]:
    with district.ledger.transaction() as connection:
        return connection.execute("SELECT * FROM eval_value ORDER BY boundaries, subject, code").fetchall()


def test_a_frozen_month_comes_to_the_same_whatever_happens_later(district: District) -> None:
    load(district, many(20, closed()) + many(5, Made()))
    lives = [Life(district, n % 8, at("2026-10-20 09:00") + timedelta(minutes=n)) for n in range(12)]
    for life in lives[:8]:
        life.handled()
    for life in lives[:5]:
        life.closed()
    period, kept = frozen(district), _kept(district)
    for life in lives:
        life.now = NOVEMBER_5.astimezone(UTC) + timedelta(days=2)
    for life in lives[:2]:
        life.after(1, Reopen("复发"), "lead1").after(1, Reopen("复发"), "audit1")
    for life in lives[5:8]:
        life.closed(is_late=True)
    lives[8].after(1, File("08.01"))
    last = lives[10].case
    assert last
    lives[9].after(1, Merge((Source(last.incident, last.version),)))
    Life(district, 3, NOVEMBER_5 + timedelta(days=3)).handled().closed()
    found = periods.verify(district.ledger, OCTOBER, datetime(2027, 1, 5, tzinfo=UTC))
    assert found.broken == ()
    assert found.is_same
    assert found.period.digest == period.digest
    assert {each.frozen.code for each in found.later if each.frozen} >= {"K07", "K13"}
    assert _kept(district) == kept


def test_a_clock_that_rings_later_does_not_change_what_was(district: District) -> None:
    life = Life(district, 0, at("2026-10-20 09:00")).handled()
    frozen(district)
    case = life.case and life.case.case
    assert case
    timer = next(t for t in case.timers if t.kind is TimerKind.T7_RESOLVE and t.state is TimerState.RUNNING)
    life.now = datetime(2026, 11, 9, tzinfo=UTC)
    life.after(0, TimerFired(timer.id, timer.kind, timer.fired), SYSTEM_OFFICER)
    assert periods.verify(district.ledger, OCTOBER, datetime(2026, 11, 10, tzinfo=UTC)).is_same


@pytest.mark.parametrize(
    ("login", "when", "code"),
    [
        ("duty1", NOVEMBER_5, "not_your_role"),
        ("lead1", NOVEMBER_5, "not_your_role"),
        ("audit1", at("2026-10-31 23:59"), "month_not_over"),
    ],
)
def test_who_may_freeze_and_when(district: District, login: str, when: datetime, code: str) -> None:
    with pytest.raises(Refused, match=code):
        periods.freeze(district.ledger, OCTOBER, district.officers[login], "tester", when)
    with pytest.raises(Refused, match="month_open"):
        periods.verify(district.ledger, OCTOBER, NOVEMBER_5)


def test_a_month_is_frozen_once_and_published_once(district: District) -> None:
    load(district, [closed()])
    frozen(district)
    with pytest.raises(Refused, match="month_frozen"):
        frozen(district, at("2026-12-01 00:00"))
    auditor = district.officers["audit1"]
    periods.publish(district.ledger, OCTOBER, auditor, "tester", NOVEMBER_5)
    with pytest.raises(Refused, match="month_published"):
        periods.publish(district.ledger, OCTOBER, auditor, "tester", NOVEMBER_5)
    with district.ledger.transaction() as connection:
        acts = connection.execute("SELECT act, staff, os_user FROM eval_act ORDER BY number").fetchall()
    assert acts == [("freeze", auditor.staff, "tester"), ("publish", auditor.staff, "tester")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE eval_value SET value = 100",
        "DELETE FROM eval_value",
        "UPDATE eval_period SET frozen_at = now()",
        "UPDATE indicator_version SET target = 1",
        "DELETE FROM eval_act",
    ],
)
def test_even_the_owner_does_not_rewrite_a_frozen_month(district: District, statement: str) -> None:
    load(district, [closed()])
    frozen(district)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        district.owner_executes(statement)


def test_a_figure_that_was_tampered_with_is_named(district: District) -> None:
    load(district, [closed(), replace(Made(), grid=GRIDS[1])])
    frozen(district)
    district.owner_executes("ALTER TABLE eval_value DISABLE TRIGGER USER")
    district.owner_executes(
        "UPDATE eval_value SET value = 99 WHERE code = 'K07' AND subject = '990001' AND boundaries = 'filing'"
    )
    found = periods.verify(district.ledger, OCTOBER, NOVEMBER_5)
    assert not found.is_same
    assert [(each.boundaries, each.frozen and each.frozen.code) for each in found.broken] == [(Boundaries.FILING, "K07")]


def test_the_command_line_shows_freezes_and_verifies(
    district: District, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load(district, many(9, closed()))
    home = ["--home", str(district.settings.home), "--language", "en", "--month", "2026-10"]
    assert run.run(["show", *home]) == run.DONE
    assert "K07  Handling rate  100.00 %  9/9" in capsys.readouterr().out
    file = tmp_path / "o.csv"
    assert run.run(["show", *home, "--csv", str(file)]) == run.DONE
    assert file.read_bytes().startswith(b"\xef\xbb\xbfmonth,boundaries")
    assert run.run(["show", *home, "--csv", str(tmp_path / "no" / "o.csv")]) == run.WRONG
    assert "cannot write" in capsys.readouterr().out
    assert run.run(["verify", *home]) == run.WRONG
    monkeypatch.setenv("GRIDWARDEN_PASSWORD", "wrong")
    assert run.run(["freeze", *home, "--as", "audit1"]) == run.WRONG
    monkeypatch.setenv("GRIDWARDEN_PASSWORD", district.seeded.passwords["duty1"])
    assert run.run(["freeze", *home, "--as", "duty1"]) == run.WRONG
    assert "holds no auditor's post" in capsys.readouterr().out
    monkeypatch.setenv("GRIDWARDEN_PASSWORD", district.seeded.passwords["audit1"])
    assert run.run(["freeze", *home, "--as", "audit1"]) == run.DONE
    assert run.run(["publish", *home, "--as", "audit1"]) == run.DONE
    assert run.run(["verify", *home]) == run.DONE
    assert run.run(["show", *home, "--area", "990001001"]) == run.DONE
    out = capsys.readouterr().out
    assert "comes to the same again" in out
    assert "published" in out
    assert run.run(["show", *home[:-1], "2026-13"]) == run.WRONG
