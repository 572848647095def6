"""Real bad input, over the wire: one clear reason beside the field it concerns, and nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from governance import commands as c
from governance.incident import ApprovalKind, Channel, Severity, SupervisionGrade
from governance.places import LonLat
from wire.codec import encode_command
from wire.frames import REQUEST_LIMIT, TEXT_LIMIT
from wire.requests import Committed, Order, Refusal, SignedOn, SignOn

from .conftest import District, RawDesk, middle

WHY = "因为"
TABLES = ("incident", "report", "incident_transition", "timer", "approval", "assignment", "change_log", "answered_order")
TOMORROW = datetime.now(UTC) + timedelta(days=1)
MegaBytes = 1_048_576

REPORTS = [
    (c.MakeReport("x", LonLat(0.0, 0.0)), "outside_district", "place"),
    (c.MakeReport("x", LonLat(-179.9, 89.9)), "outside_district", "place"),
    (c.MakeReport("x", middle(0), category="99.99"), "category_unknown", "category"),
    (c.MakeReport("x", middle(0), occurred_at=TOMORROW), "in_the_future", "occurred_at"),
    (c.MakeReport(" \u3000", middle(0)), "text_needed", "text"),
    (c.MakeReport("字" * (TEXT_LIMIT + 1), middle(0)), "text_too_long", "text"),
    (c.MakeReport("x", middle(0), title="题" * 121), "too_long", "title"),
    (c.MakeReport("x\0y", middle(0)), "bad_value", ""),
    (c.MakeReport("x", middle(0), channel=Channel.RULE), "not_your_channel", "channel"),
    (c.MakeReport("x", middle(0), reporter_kind="emperor"), "bad_value", "reporter_kind"),
]
ORDERS = [
    (c.File("99.99"), "category_unknown", "category"),
    (c.File("03"), "category_not_leaf", "category"),
    (c.File("03.02", title="题" * 121), "too_long", "title"),
    (c.File("09.02"), "outside_first", "category"),
    (c.Reject("because", WHY), "reason_unknown", "reason_code"),
    (c.Reject("not_ours", "  "), "reason_needed", "reason"),
    (c.TransferOut("", WHY, "1"), "target_needed", "target"),
    (c.TransferOut("110", WHY, ""), "receipt_needed", "receipt"),
    (c.NotifyOut("119", ""), "person_needed", "person"),
    (c.NotifyOut("119", "赵", told_at=TOMORROW), "in_the_future", "told_at"),
    (c.Correct(WHY), "nothing_changed", "category"),
    (c.Correct(WHY, place=LonLat(0.0, 0.0)), "outside_district", "place"),
    (c.Edit("state", "reported", "closed"), "bad_value", "field"),
    (c.Edit("title", "不是这个", "新"), "field_changed", "title"),
    (c.SetSeverity(Severity.I, ""), "reason_needed", "reason"),
    (c.Merge(()), "source_needed", "sources"),
    (c.Merge((c.Source(uuid4(), 1),)), "no_such_incident", "incident"),
    (c.AttachReport(c.MakeReport("", middle(0))), "text_needed", "text"),
    (c.AttachReport(c.MakeReport("又一次", LonLat(0.0, 0.0))), "outside_district", "place"),
    (c.AttachReport(c.MakeReport("又一次", middle(0), title="题" * 121)), "too_long", "title"),
    (c.DirectOrder(c.Recipient(uuid4())), "no_such_worker", "lead"),
    (c.EmergencyReport("first", "首报"), "no_emergency", ""),
]


def rows(district: District) -> dict[str, int]:
    """How many rows every table holds."""
    with district.ledger.transaction() as connection:
        counted = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES}
    return {table: row[0] if row else -1 for table, row in counted.items()}


@pytest.fixture
def desk(district: District, raw_desk: Callable[[], RawDesk]) -> RawDesk:
    """A duty officer signed on to a running desk process."""
    district.start("desk")
    made = raw_desk()
    made.sign_on("duty1", listen=False)
    return made


def test_a_bad_order_gets_its_reason_beside_its_field_and_leaves_nothing(district: District, desk: RawDesk) -> None:
    made = desk.order(c.MakeReport("路边有人摆摊", middle(0)))
    assert isinstance(made, Committed)
    before = rows(district)
    wrong = []
    for command, code, about in REPORTS + ORDERS:
        is_report = isinstance(command, c.MakeReport)
        reply = desk.order(command) if is_report else desk.order(command, made.incident, made.version)
        if not isinstance(reply, Refusal) or (reply.code, reply.about) != (code, about):
            wrong.append((command, reply))
    assert wrong == []
    assert rows(district) == before


def forged(command: object, **changed: Any) -> msgspec.Raw:
    """The body of a command with fields its class would not let stand."""
    body = msgspec.msgpack.decode(encode_command(command))  # type: ignore[arg-type]
    return msgspec.Raw(msgspec.msgpack.encode(body | changed))


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("file", forged(c.File("03.01"), urgency=9)),
        ("file", forged(c.File("03.01"), actor="mayor")),
        ("request", forged(c.Ask(ApprovalKind.VOID, WHY), kind="abolish")),
        ("supervise", forged(c.Supervise(SupervisionGrade.RED, WHY), grade=99)),
        ("report", forged(c.MakeReport("x", middle(0)), place={"lon": 999.0, "lat": 0.0})),
        ("report", forged(c.MakeReport("x", middle(0)), accuracy_m=float("nan"))),
        ("merge", forged(c.Merge(()), sources=[{"incident": str(uuid4()), "version": 1}] * 5000)),
        ("enthrone", forged(c.Accept())),
    ],
)
def test_a_forged_body_is_refused_and_the_desk_goes_on(district: District, desk: RawDesk, word: str, body: msgspec.Raw) -> None:
    made = desk.order(c.MakeReport("路边有人摆摊", middle(0)))
    assert isinstance(made, Committed)
    before = rows(district)
    incident: UUID | None = None if word == "report" else made.incident
    reply = desk.ask(Order(0, uuid4(), word, body, incident, made.version))
    assert isinstance(reply, Refusal), reply
    assert reply.code in {"bad_command", "unknown_command", "not_a_number", "too_many"}
    assert rows(district) == before
    assert isinstance(desk.order(c.File("03.01"), made.incident, made.version), Committed)


def test_ten_megabytes_of_text_are_not_even_read(district: District, desk: RawDesk, raw_desk: Callable[[], RawDesk]) -> None:
    before = rows(district)
    text = "a" * (10 * MegaBytes)
    assert len(text) > REQUEST_LIMIT
    desk.send(Order(0, uuid4(), "report", encode_command(c.MakeReport(text, middle(0))), None, 0))
    if desk.dealer.poll(2000):  # either the frame is refused, or the connection that sent it is closed
        assert isinstance(desk.receive(), Refusal)
    assert rows(district) == before
    other = raw_desk()
    assert isinstance(other.sign_on("duty2", listen=False), SignedOn)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE account SET is_open = false WHERE login = 'duty1'", "account_closed"),
        ("UPDATE account SET expires_on = current_date - 1 WHERE login = 'duty1'", "account_expired"),
    ],
)
def test_an_account_that_is_over_says_so_and_ends_the_session(
    district: District, desk: RawDesk, raw_desk: Callable[[], RawDesk], change: str, code: str
) -> None:
    district.owner_executes(change)
    late = desk.order(c.MakeReport("还在吗", middle(0)))
    assert isinstance(late, Refusal)
    assert late.code in ("session_over", "not_signed_on")
    again = raw_desk().ask(SignOn(0, "duty1", district.seeded.passwords["duty1"]))
    assert isinstance(again, Refusal)
    assert (again.code, again.about) == (code, "login")


def test_a_post_one_does_not_hold_is_refused(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    with district.ledger.transaction() as connection:
        (lead,) = connection.execute("SELECT id FROM post WHERE role = 'SL' LIMIT 1").fetchone() or (uuid4(),)
    for post in (lead, uuid4()):
        reply = raw_desk().ask(SignOn(0, "duty1", district.seeded.passwords["duty1"], post))
        assert isinstance(reply, Refusal)
        assert (reply.code, reply.about) == ("not_your_post", "post")
