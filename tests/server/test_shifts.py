"""A shift is handed over under two signatures on the real ledger; its powers end with the second, and not before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from governance.commands import MakeReport
from governance.refusal import Refused
from governance.shifts import ShiftState
from server import sessions
from server.sessions import WrongPassword
from wire.requests import Refusal
from wire.shift_requests import (
    BeginHandover,
    CloseShift,
    HandOver,
    OpenShift,
    PlanShift,
    ShiftDone,
    TakeBackHandover,
    TakeOver,
    WriteDutyLog,
)

from .conftest import District, middle, refusal
from .shift_desks import Desks


@pytest.fixture
def desks(district: District) -> Desks:
    """A window nobody has asked yet."""
    return Desks(district)


def test_the_outgoing_shift_keeps_its_powers_until_the_second_signature(desks: Desks) -> None:
    desks.on("duty1")
    before = desks.stands().current
    assert before
    handover = desks.hand_over()
    assert desks.over("duty1") is None
    assert desks.district.order(MakeReport("井盖丢失", middle(0)), desks.sessions["duty1"].officer)
    desks.take_over(handover)
    after = desks.stands().current
    assert after
    assert after.id != before.id
    assert (after.lead, after.state) == (desks.district.officers["lead2"].staff, ShiftState.OPEN)
    assert (desks.over("lead1"), desks.over("duty1")) == ("shift_closed", "shift_closed")
    assert desks.on("duty1").officer.shift == after.id
    assert [fact.standing.current and fact.standing.current.state for fact in desks.told()] == [
        ShiftState.HANDING_OVER,
        ShiftState.HANDING_OVER,
        ShiftState.OPEN,
    ]
    assert desks.kinds(before.id)[-3:] == ["handover_began", "signed_out", "signed_in"]


def test_an_order_of_a_session_whose_shift_was_handed_over_is_refused(desks: Desks) -> None:
    desks.on("duty1")
    handover = desks.hand_over()
    desks.take_over(handover)
    assert refusal(desks.ask("duty1", WriteDutyLog(1, uuid4(), "note", "还在吗"))) == "session_over"
    with desks.district.ledger.transaction() as connection, pytest.raises(Refused, match="session_over"):
        sessions.require_live(connection, desks.sessions["duty1"].id, datetime.now(UTC))


def test_who_came_for_the_next_shift_and_who_sits_in_a_covered_street_go_on(desks: Desks) -> None:
    desks.on("street1")
    handover = desks.hand_over()
    desks.on("duty2")  # comes at eight and signs on before the leads have signed
    desks.on("lead2")
    desks.done("lead2", TakeOver(1, uuid4(), handover))
    after = desks.stands().current
    assert after
    for login in ("street1", "duty2", "lead2"):
        assert desks.over(login) is None
        live, _ = sessions.live(desks.district.ledger, (), datetime.now(UTC))
        assert live[desks.sessions[login].key].officer.shift == after.id
    members = {member.name for member in desks.log("lead2").members if member.off_at is None}
    assert members == {desks.sessions[login].officer.name for login in ("street1", "duty2", "lead2")}


def test_whoever_was_there_before_does_not_stay_by_signing_on_again(desks: Desks) -> None:
    desks.on("duty1")
    handover = desks.hand_over()
    desks.on("duty1")
    desks.take_over(handover)
    assert desks.over("duty1") == "shift_closed"


REFUSALS: list[tuple[str, str, Callable[[Desks, UUID], Any]]] = [
    ("same_person", "lead1", lambda _d, h: TakeOver(1, uuid4(), h)),
    ("handover_signed", "lead1", lambda _d, h: HandOver(1, uuid4(), h, "再签")),
    ("not_your_role", "duty1", lambda _d, h: TakeOver(1, uuid4(), h)),
    ("no_post_that_leads", "lead1", lambda d, h: TakeOver(1, uuid4(), h, "duty1", d.district.seeded.passwords["duty1"])),
    ("same_person", "duty1", lambda d, h: TakeOver(1, uuid4(), h, "lead1", d.district.seeded.passwords["lead1"])),
    ("handover_signed", "leader1", lambda _d, h: TakeBackHandover(1, uuid4(), h)),
    ("no_such_handover", "lead2", lambda _d, _h: TakeOver(1, uuid4(), uuid4())),
    ("handover_runs", "lead2", lambda _d, _h: BeginHandover(1, uuid4())),
    ("handover_runs", "lead1", lambda _d, _h: CloseShift(1, uuid4(), "收班")),
    ("shift_open_already", "lead2", lambda _d, _h: OpenShift(1, uuid4())),
    ("not_your_role", "street1", lambda _d, h: HandOver(1, uuid4(), h, "")),
]


@pytest.mark.parametrize(
    ("code", "login", "request_of"), REFUSALS, ids=[f"{row[0]} {row[1]} {n}" for n, row in enumerate(REFUSALS)]
)
def test_what_is_refused_leaves_everything_as_it_was(
    desks: Desks, code: str, login: str, request_of: Callable[[Desks, UUID], Any]
) -> None:
    handover = desks.hand_over()
    before, told = desks.stands(), len(desks.told())
    found = refusal(desks.ask(login, request_of(desks, handover)))
    assert found == code or (code, found) == ("not_your_role", "handover_signed")
    assert (desks.stands(), len(desks.told())) == (before, told)


def test_signing_in_before_the_first_signature_is_refused(desks: Desks) -> None:
    assert refusal(desks.ask("lead2", TakeOver(1, uuid4(), desks.begin()))) == "sign_out_first"


def test_a_wrong_password_is_no_signature_and_locks_after_some(desks: Desks) -> None:
    handover = desks.hand_over()
    wrong = TakeOver(1, uuid4(), handover, "lead2", "guessed")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            desks.ask("lead1", wrong)
    assert refusal(desks.ask("lead1", wrong)) == "account_locked"
    assert desks.stands().handover


def test_every_order_is_carried_out_once_and_answered_the_same(desks: Desks) -> None:
    begin = BeginHandover(1, uuid4())
    first = desks.done("lead1", begin)
    assert desks.done("lead1", begin) == first
    assert first.made
    out = HandOver(2, uuid4(), first.made, "一")
    assert desks.done("lead1", out) == desks.done("lead1", msgspec.structs.replace(out, summary="二"))
    assert desks.paper().summary == "一"
    desks.on("lead2")
    into = TakeOver(3, uuid4(), first.made)
    answers = {desks.done("lead2", into).number for _ in range(3)}
    assert len(answers) == 1
    assert len(desks.told()) == 3
    assert refusal(desks.ask("leader1", begin)) == "order_id_taken"


def test_two_who_sign_at_once_sign_once(desks: Desks) -> None:
    handover = desks.hand_over()
    desks.on("lead2")
    desks.on("night1")

    def sign(login: str) -> str:
        reply = desks.ask(login, TakeOver(1, uuid4(), handover))
        return "done" if isinstance(reply, ShiftDone) else refusal(reply)

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(sign, ["lead2", "night1"]))
    assert ended[0] == "done"
    assert ended[1] in ("no_handover", "session_over")
    with desks.district.ledger.transaction() as connection:
        count = connection.execute("SELECT count(*) FROM shift WHERE state IN ('open', 'handing_over')").fetchone()
    assert count == (1,)


def test_the_leader_on_duty_signs_for_a_lead_who_cannot(desks: Desks) -> None:
    handover = desks.begin()
    desks.done("leader1", HandOver(1, uuid4(), handover, "值班长突发疾病"))
    running = desks.stands().handover
    assert running
    assert running.signed_out
    assert running.signed_out.instead_of == desks.district.officers["lead1"].name
    desks.on("lead2")
    desks.done("lead2", TakeOver(1, uuid4(), handover))
    assert desks.stands().handover is None


def test_a_hand_over_nobody_signed_can_be_called_off_and_begun_again(desks: Desks) -> None:
    before = desks.stands()
    handover = desks.begin()
    desks.done("lead1", TakeBackHandover(1, uuid4(), handover))
    assert desks.stands() == before
    assert desks.begin() != handover


# ---- covers, plans, the log ---------------------------------------------------------------------------------------


def test_a_street_that_opens_its_own_shift_is_covered_no_more_and_again_when_it_closes(desks: Desks) -> None:
    centre = desks.stands().current
    assert centre
    desks.on("street1")
    assert len(desks.log("lead1").covered) == 2
    for name, hours, code, about in (("班" * 41, 8, "too_long", "name"), ("街道班", 25, "shift_too_long", "ends_at")):
        refused = desks.ask("street1", OpenShift(1, uuid4(), name, datetime.now(UTC) + timedelta(hours=hours)))
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.about) == (code, about)
    opened = desks.done("street1", OpenShift(1, uuid4(), "街道班", datetime.now(UTC) + timedelta(hours=8)))
    live, _ = sessions.live(desks.district.ledger, (), datetime.now(UTC))
    assert live[desks.sessions["street1"].key].officer.shift == opened.made
    assert len(desks.log("lead1").covered) == 1
    assert desks.kinds(centre.id)[-1] == "cover_ended"
    assert refusal(desks.ask("street1", CloseShift(1, uuid4(), " "))) == "reason_needed"
    desks.done("street1", CloseShift(1, uuid4(), "下班"))
    assert desks.over("street1") == "shift_closed"
    assert desks.kinds(centre.id)[-1] == "cover_began"
    assert desks.on("street1").officer.shift == centre.id


def test_the_shift_nobody_covers_is_never_closed_only_handed_over(desks: Desks) -> None:
    assert refusal(desks.ask("lead1", CloseShift(1, uuid4(), "收班"))) == "nobody_covers"


def test_a_planned_shift_is_the_one_handed_over_to(desks: Desks) -> None:
    current = desks.stands().current
    assert current
    far = current.ends_at
    assert refusal(desks.ask("lead1", PlanShift(1, uuid4(), "早班", far - timedelta(hours=2), far))) == "shifts_overlap"
    planned = desks.done("lead1", PlanShift(1, uuid4(), "早班", far, far + timedelta(hours=8)))
    desks.take_over(desks.hand_over())
    after = desks.stands().current
    assert after
    assert (after.id, after.name) == (planned.made, "早班")


@pytest.mark.parametrize(
    ("login", "request_of", "code", "about"),
    [
        ("duty1", lambda: WriteDutyLog(1, uuid4(), "note", "  "), "text_needed", "text"),
        ("duty1", lambda: WriteDutyLog(1, uuid4(), "instruction", "加强巡查"), "not_your_role", "kind"),
        ("duty1", lambda: WriteDutyLog(1, uuid4(), "signed_in", "假"), "bad_value", "kind"),
        ("duty1", lambda: WriteDutyLog(1, uuid4(), "done", "好"), "line_needed", "closes"),
        ("duty1", lambda: WriteDutyLog(1, uuid4(), "note", "看", uuid4()), "no_such_incident", "incident"),
    ],
)
def test_a_line_that_is_refused_says_beside_which_field(
    desks: Desks, login: str, request_of: Callable[[], WriteDutyLog], code: str, about: str
) -> None:
    reply = desks.ask(login, request_of())
    assert refusal(reply) == code
    assert getattr(reply, "about", "") == about


def test_a_line_is_in_the_log_once_with_who_wrote_it(desks: Desks) -> None:
    made = desks.district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    line = WriteDutyLog(1, uuid4(), "note", "已联系物业", made.incident)
    assert desks.done("duty1", line) == desks.done("duty1", line)
    (found,) = [each for each in desks.log("duty1").lines if each.kind == "note"]
    assert (found.text, found.who, found.incident) == ("已联系物业", desks.district.officers["duty1"].name, made.incident)
