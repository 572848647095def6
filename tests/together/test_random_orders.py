"""The property everything rests on, on a whole server: an old snapshot plus the changes after it equals a new snapshot."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.situation.situation import Situation
from governance import commands as c
from governance.audience import may_see
from governance.incident import Case, Severity, State, Urgency
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import Examiner, HeadlessDesk, equals_fresh_snapshot, picture
from tests.together.phones import Phone

LOGINS = ("duty1", "check1")
EXAMPLES = 30
FIELD = ("accept", "decline", "arrive", "progress", "complete")

log = logging.getLogger(__name__)


@dataclass
class Table:
    """Two desks, an examiner for each, and the phones of all workers."""

    desks: tuple[HeadlessDesk, HeadlessDesk]
    examiners: tuple[Examiner, Examiner]
    phones: dict[UUID, Phone]
    outcomes: Counter[str] = field(default_factory=Counter)

    def turn(self) -> None:
        """Both desks tick."""
        for desk in self.desks:
            desk.turn()


@pytest.fixture(scope="module")
def table(work: ServerAtWork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """Everybody signed on once, for all examples."""
    folder: Path = tmp_path_factory.mktemp("desks")
    desks = tuple(HeadlessDesk(work, login, folder) for login in LOGINS)
    examiners = tuple(Examiner(work, login) for login in LOGINS)
    phones = [Phone(work, row) for row in range(4)]
    try:
        for desk in desks:
            desk.sign_on()
        by_number = {person.number: person.id for person in desks[0].situation.workers.people()}
        yield Table(desks, examiners, {by_number[phone.number]: phone for phone in phones})  # type: ignore[arg-type]
    finally:
        for each in (*desks, *examiners, *phones):
            each.close()


rows = st.integers(0, 3)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
commands = st.one_of(
    st.builds(
        c.File, st.sampled_from(("06.01", "07.01", "03.01")), st.sampled_from(Urgency), severity=st.sampled_from(Severity)
    ),
    st.builds(c.Reject, st.just("not_ours"), words),
    rows.map(lambda row: c.Dispatch(c.Recipient(UUID(int=row)), reason="就近")),
    st.builds(c.RaiseLevel, st.just("人手不足")),
    st.builds(c.Recall, st.just("另派")),
    rows.map(lambda row: c.Reassign(c.Recipient(UUID(int=row)), "换人")),
    rows.map(lambda row: c.AddAssist(c.Recipient(UUID(int=row)))),
    st.builds(c.SendCheck),
    st.builds(c.CheckPass, words),
    st.builds(c.CheckFail, st.just("不合格")),
    st.builds(c.SendFeedback, st.just("已办结")),
)
ONWARD = {
    State.REPORTED: (0, c.File("06.01")),
    State.FILED: (0, c.Dispatch(c.Recipient(UUID(int=0)), reason="就近")),
    State.DISPATCHED: (0, "accept"),
    State.HANDLING: (0, "complete"),
    State.RESOLVED: (0, c.SendCheck()),
    State.CHECKING: (1, c.CheckPass(condition_met=True)),
    State.CLOSED: (0, c.SendFeedback("谢谢")),
}
acts = st.one_of(
    st.tuples(st.just("report"), st.integers(0, 1), st.just(0), words),
    st.tuples(st.just("order"), st.integers(0, 1), st.integers(0, 4), commands),
    st.tuples(st.just("field"), st.just(0), st.integers(0, 4), st.sampled_from(FIELD)),
    *[st.tuples(st.just("onward"), st.just(0), st.integers(0, 4), st.integers(1, 7))] * 2,
)


def test_an_old_snapshot_plus_the_changes_equals_a_new_one_whatever_two_desks_order(table: Table) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(acts, min_size=3, max_size=12), st.integers(0, 12))
    def holds(script: list[tuple[str, int, int, object]], taken_after: int) -> None:
        made: list[UUID] = []
        old: list[Situation] = []
        for examiner in table.examiners:
            examiner.sign_on()
        for position, act in enumerate([("report", 0, 0, "起"), *script]):
            if position == min(taken_after, len(script)):
                old = [examiner.snapshot() for examiner in table.examiners]
            _do(table, made, *act)
        for desk, examiner, replica in zip(table.desks, table.examiners, old, strict=True):
            fresh = equals_fresh_snapshot(desk, examiner)
            replica.apply_all(examiner.changes_after(dict(replica.numbers)))
            assert picture(replica) == picture(fresh)

    holds()
    log.info("%s", dict(table.outcomes))
    assert not any(desk.overs for desk in table.desks)
    assert table.outcomes["committed"] >= 3 * EXAMPLES, table.outcomes
    assert len([key for key in table.outcomes if key.startswith("refused")]) >= 3, table.outcomes


def _do(table: Table, made: list[UUID], kind: str, who: int, which: int, what: object) -> None:
    """One act; what the rules refuse is simply not done."""
    if kind == "report":
        desk = table.desks[who]
        outcome = desk.done(c.MakeReport(str(what) or "。", spot(0.2 + 0.1 * (len(made) % 6), 0.5)))
        table.outcomes["refused" if outcome.refused else "committed"] += 1
        if outcome.incident is not None and outcome.refused is None:
            made.append(outcome.incident)
        return
    if not made:
        return
    incident = made[which % len(made)]
    for _ in range(what if isinstance(what, int) else 1):
        until(lambda: incident in table.desks[0].situation.cases, "the incident", 30, table.turn)
        case = table.desks[0].situation.cases[incident]
        seat, step = ONWARD.get(case.incident.state, (0, None)) if kind == "onward" else (who, what)
        if isinstance(step, str):
            _tap(table, case, step)
        elif step is not None:
            _order(table, seat, case, step)


def _order(table: Table, seat: int, case: Case, command: object) -> None:
    """An order of one desk on the version it sees; on that of the first one where it is not for its eyes."""
    desk = table.desks[seat]
    if may_see(desk.sessions[-1].session.officer, case, desk.situation.rules):
        until(lambda: case.incident.id in desk.situation.cases, "the incident on the other desk", 30, table.turn)
        case = desk.situation.cases[case.incident.id]
    outcome = desk.done(_addressed(table, command), case)
    table.outcomes[f"refused {outcome.refused.code}" if outcome.refused else "committed"] += 1


def _addressed(table: Table, command: object) -> c.Command:
    """The command with a real worker instead of a row."""
    workers = sorted(table.phones)
    if isinstance(command, c.Dispatch):
        return c.Dispatch(c.Recipient(workers[command.lead.worker.int]), reason=command.reason)
    if isinstance(command, c.Reassign):
        return c.Reassign(c.Recipient(workers[command.lead.worker.int]), command.reason)
    if isinstance(command, c.AddAssist):
        return c.AddAssist(c.Recipient(workers[command.assist.worker.int]))
    return command  # type: ignore[return-value]


def _tap(table: Table, case: Case, action: str) -> None:
    """What the worker in charge presses on his phone, if there is one; his desk sees it on the feed."""
    live = [each for each in case.assignments if each.is_live and each.worker in table.phones]
    if not live:
        return
    said: dict[str, object] = {"text": "在办", "reason_code": "sick", "reason": "无信号"}
    answer: httpx.Response = table.phones[live[0].worker].press(str(live[0].id), action, photo=action == "complete", **said)
    table.outcomes["committed" if answer.status_code == 200 else f"refused {answer.json()['code']}"] += 1
    if answer.status_code == 200:
        version = case.incident.version
        until(lambda: table.desks[0].situation.cases[case.incident.id].incident.version > version, action, 30, table.turn)
