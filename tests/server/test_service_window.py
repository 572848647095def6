"""One order id has one answer; what a desk hands in is what a desk may."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from desktop.situation.situation import Situation
from governance.commands import COMMANDS, WORD_OF, AttachReport, Command, File, MakeReport
from governance.incident import Attachment, Channel
from server.clock import fire_due
from server.ledger import incidents
from server.ledger.ids import order_id_of
from server.ledger.reporters import REVEALS_PER_HOUR, Reporter
from server.service_window import ServiceWindow
from server.sessions import Session, sign_on
from wire.codec import decode_change, encode_command
from wire.frames import Malformed
from wire.requests import AskReplay, Caller, CallerIs, Committed, FindCaller, Order, Refusal, Replay, Reveal, Revealed, SignOn

from .conftest import District, middle, refusal

LEAF = "03.01"
PHOTO = hashlib.sha256(b"photo").hexdigest()


@pytest.fixture
def window(district: District) -> ServiceWindow:
    """The window of a desk process."""
    return ServiceWindow(district.settings, district.keys, district.ledger)


def _session(district: District, login: str) -> Session:
    """Somebody signed on."""
    asked = SignOn(1, login, district.seeded.passwords[login])
    session = sign_on(district.ledger, uuid4().hex, asked, datetime.now(UTC), 1.0)
    assert isinstance(session, Session)
    return session


def _order(command: Command, made: Committed | None = None, order_id: UUID | None = None) -> Order:
    """The command as a request."""
    incident, version = (made.incident, made.version) if made else (None, 0)
    return Order(1, order_id or uuid4(), WORD_OF[type(command)], encode_command(command), incident, version)


def _photo() -> Attachment:
    return Attachment(uuid4(), PHOTO, "image/jpeg", 5, "report")


def test_an_order_that_was_committed_is_answered_the_same_whatever_its_repeat_says(
    district: District, window: ServiceWindow
) -> None:
    session = _session(district, "duty1")
    asked = _order(MakeReport("井盖丢失", middle(0)))
    made = window.answer(session, asked)
    assert isinstance(made, Committed)
    change = msgspec.structs.replace
    for repeat in (
        change(asked, command="explode"),
        change(asked, body=msgspec.Raw(b"\x80")),
        change(asked, body=encode_command(MakeReport("井盖丢失", middle(0), channel=Channel.WORKER_APP))),
        change(asked, body=encode_command(MakeReport("照片", middle(0), attachments=(_photo(),)))),
        change(asked, incident=made.incident, version=0),
        change(asked, incident=uuid4(), version=1),
        change(asked, command="file", body=encode_command(File("no.such")), incident=made.incident, version=1),
        change(asked, client_at=datetime.now(UTC) + timedelta(days=2)),
    ):
        assert window.answer(session, repeat) == made


def test_a_refusal_is_remembered_for_an_order_that_was_never_committed_only(district: District, window: ServiceWindow) -> None:
    session = _session(district, "duty1")
    other = ServiceWindow(district.settings, district.keys, district.ledger)
    refused = _order(File(LEAF), order_id=uuid4())
    assert refusal(window.answer(session, refused)) == "incident_needed"
    assert refusal(window.answer(session, _order(MakeReport("后", middle(0)), order_id=refused.order_id))) == "incident_needed"
    made = other.answer(session, _order(MakeReport("后", middle(0)), order_id=refused.order_id))
    assert isinstance(made, Committed)
    assert window.answer(session, refused) == made
    assert window.answer(session, refused) == made


def test_an_order_of_somebody_else_tells_nothing(district: District, window: ServiceWindow) -> None:
    asked = _order(MakeReport("井盖丢失", middle(0)))
    assert isinstance(window.answer(_session(district, "duty1"), asked), Committed)
    for request in (asked, msgspec.structs.replace(asked, command="explode")):
        assert refusal(window.answer(_session(district, "duty2"), request)) == "order_id_taken"


def test_a_malformed_order_that_was_never_answered_is_malformed(district: District, window: ServiceWindow) -> None:
    with pytest.raises(Malformed, match="unknown_command"):
        window.answer(_session(district, "duty1"), Order(1, uuid4(), "explode", msgspec.Raw(b"\x80")))
    assert "explode" not in COMMANDS


@pytest.mark.parametrize(("kind", "code"), [("rule", "bad_value"), ("camera", "bad_value"), ("worker", "bad_value")])
def test_a_desk_reports_for_officers_and_citizens_only(district: District, window: ServiceWindow, kind: str, code: str) -> None:
    session = _session(district, "duty1")
    assert refusal(window.answer(session, _order(MakeReport("井盖丢失", middle(0), reporter_kind=kind)))) == code
    for mine in ("officer", "citizen"):
        assert isinstance(window.answer(session, _order(MakeReport("井盖", middle(0), reporter_kind=mine))), Committed)


def test_a_desk_attaches_only_what_it_may_fetch_and_as_the_ledger_knows_it(district: District, window: ServiceWindow) -> None:
    (district.settings.attachments / PHOTO).write_bytes(b"photo")
    street = _session(district, "street2")
    attached = MakeReport("借来的照片", middle(7), attachments=(_photo(),))
    assert refusal(window.answer(street, _order(attached))) == "no_such_bytes"  # on disk, but nobody gave it yet
    district.order(MakeReport("垃圾堆积", middle(0), attachments=(_photo(),)), "duty1")
    assert refusal(window.answer(street, _order(attached))) == "no_such_bytes"  # in the other street
    assert not window.may_fetch(street, PHOTO)
    lie = Attachment(uuid4(), PHOTO, "text/html", 99, "report")
    made = window.answer(_session(district, "duty1"), _order(MakeReport("同一张", middle(7), attachments=(lie,))))
    assert isinstance(made, Committed)
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT mime, size FROM attachment WHERE incident = %s", (made.incident,)).fetchone()
    assert row == ("image/jpeg", 5)
    assert window.may_fetch(street, PHOTO)


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        ({"client_at": timedelta(hours=23)}, ""),
        ({"client_at": timedelta(hours=25)}, "time_out_of_range"),
        ({"occurred_at": timedelta(minutes=4)}, ""),
        ({"occurred_at": timedelta(minutes=6)}, "in_the_future"),
    ],
)
def test_clocks_differ_but_nothing_has_happened_in_the_future(
    district: District, window: ServiceWindow, ahead: dict[str, timedelta], code: str
) -> None:
    now = datetime.now(UTC)
    at = {name: now + by for name, by in ahead.items()}
    asked = _order(MakeReport("井盖丢失", middle(0), occurred_at=at.get("occurred_at")))
    reply = window.answer(_session(district, "duty1"), msgspec.structs.replace(asked, client_at=at.get("client_at")))
    assert refusal(reply) == code if code else isinstance(reply, Committed)


def test_a_session_that_is_over_learns_no_answer(district: District, window: ServiceWindow) -> None:
    session = _session(district, "duty1")
    asked = _order(MakeReport("井盖丢失", middle(0)))
    assert isinstance(window.answer(session, asked), Committed)
    district.owner_executes("UPDATE desk_session SET expires_at = %s", datetime.now(UTC) - timedelta(seconds=1))
    for request in (asked, msgspec.structs.replace(asked, incident=uuid4(), version=1)):
        reply = window.answer(session, request)
        assert isinstance(reply, Refusal)
        assert reply.code == "session_over"


def test_what_is_attached_is_what_a_desk_may_report_and_its_reporter_is_sealed(
    district: District, window: ServiceWindow
) -> None:
    session = _session(district, "duty1")
    made = window.answer(session, _order(MakeReport("井盖丢失", middle(0))))
    assert isinstance(made, Committed)
    report = MakeReport("还有一处井盖丢失", middle(0), Channel.HOTLINE)
    for wrong, code in (
        (AttachReport(replace(report, channel=Channel.WORKER_APP)), "not_your_channel"),
        (AttachReport(replace(report, attachments=(_photo(),))), "no_such_bytes"),
        (AttachReport(replace(report, occurred_at=datetime.now(UTC) + timedelta(days=3))), "in_the_future"),
    ):
        assert refusal(window.answer(session, _order(wrong, made))) == code
    caller = Caller("李四", "139 0000 1111")
    too_long = msgspec.structs.replace(_order(AttachReport(report), made), reporter=Caller("李" * 41))
    assert refusal(window.answer(session, too_long)) == "bad_value"
    astray = msgspec.structs.replace(_order(File(LEAF), made), reporter=caller)
    assert refusal(window.answer(session, astray)) == "bad_value"
    attached = window.answer(session, msgspec.structs.replace(_order(AttachReport(report), made), reporter=caller))
    assert isinstance(attached, Committed)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, made.incident)
    asked = Reveal(1, case.reports[1].id, "phone", "回访")
    told = window.answer(session, asked)
    assert isinstance(told, Revealed)
    assert told.value == "139 0000 1111"
    assert "1111" not in repr(case)


def test_a_number_that_called_before_is_known_by_its_place_and_on_record(district: District, window: ServiceWindow) -> None:
    session = _session(district, "duty1")
    caller = Caller("李四", "139 0000 1111")
    for text, house in (("井盖丢失", "3 幢"), ("路灯不亮", "12 幢")):
        report = _order(MakeReport(text, middle(1), place_text=house))
        made = window.answer(session, msgspec.structs.replace(report, reporter=caller))
        assert isinstance(made, Committed)
    found = window.answer(session, FindCaller(1, "13900001111"))
    assert isinstance(found, CallerIs)
    assert found.known is not None
    assert (found.known.place, found.known.place_text, found.known.reports) == (middle(1), "12 幢", 2)
    assert found.known.worker is not None
    assert found.known.worker_name
    assert "李四" not in repr(found)
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT field, purpose FROM pii_access").fetchall()
    assert rows == [("address", "caller")]
    assert window.answer(session, FindCaller(1, "13900002222")) == CallerIs(1)
    assert window.answer(session, FindCaller(1, "139")) == CallerIs(1)
    assert refusal(window.answer(_session(district, "check1"), FindCaller(1, "13900001111"))) == "not_your_role"
    stranger = window.answer(_session(district, "street2"), FindCaller(1, "13900001111"))
    assert isinstance(stranger, CallerIs | Refusal)
    assert not isinstance(stranger, CallerIs) or stranger.known is None


def test_no_purpose_gets_past_the_limit_of_looks(district: District, window: ServiceWindow) -> None:
    session = _session(district, "duty1")
    entered = district.order(MakeReport("家暴", middle(0)), "duty1", reporter=Reporter("张三", "13800001234"))
    assert entered.case
    report = entered.case.reports[0].id
    for purpose in ("caller", " archive", "dial", "因" * 201):
        refused = window.answer(session, Reveal(1, report, "phone", purpose))
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.about) == ("bad_value", "purpose")
    for _ in range(REVEALS_PER_HOUR):
        assert isinstance(window.answer(session, Reveal(1, report, "phone", "回访")), Revealed)
    assert refusal(window.answer(session, Reveal(1, report, "phone", "核实"))) == "too_many_reveals"


def test_what_went_out_of_sight_is_not_told_again_but_its_numbers_are(district: District, window: ServiceWindow) -> None:
    session, stream = _session(district, "street1"), "990001001/0"
    made = district.order(MakeReport("家中吵闹", middle(0)), "duty1")
    district.order(MakeReport("路灯坏了", middle(0)), "duty1")
    for word, count in (("case", 1), ("gone", 0)):
        told = window.answer(session, AskReplay(1, stream, 0))
        assert isinstance(told, Replay)
        assert told.complete
        assert [(each.number, each.kind) for each in told.changes] == [(1, word), (2, "case")]
        assert ["家中吵闹".encode() in bytes(each.fact) for each in told.changes] == [count > 0, False]
        replica = Situation()
        replica.apply_all(map(decode_change, told.changes))
        assert len(replica.cases) == 1 + count
        district.owner_executes("UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", made.incident)


def test_an_order_under_the_id_of_the_next_firing_does_not_stop_the_clock(district: District, window: ServiceWindow) -> None:
    made = district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    assert made.case is not None
    (clock,) = made.case.timers
    taken = order_id_of("timer", clock.id, clock.fired)
    forged = msgspec.structs.replace(_order(MakeReport("路灯不亮", middle(0))), order_id=taken)
    reply = window.answer(_session(district, "duty1"), forged)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.about) == ("bad_value", "order_id")
    assert fire_due(district.ledger, clock.due_at) == 1
