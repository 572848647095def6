"""From what a channel hands in to a fact in the ledger: reports become incidents, what a worker pressed becomes an order.

Everything here waits for the database and is called outside the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from governance.commands import Complete, MakeReport, MarkFeedback, Progress, SelfHandle, VerifyResult
from governance.incident import Attachment
from governance.people import Officer, Worker
from governance.refusal import Refused
from governance.visits import Visit, require_believable
from server.evidence import Photo
from server.handling.order_book import carry_out
from server.intake.answers import TurnedAway
from server.intake.channels.worker_app import Ordered
from server.intake.photo_store import PhotoStore
from server.intake.report import Report
from server.ledger import visits
from server.ledger.entry import Entered
from server.ledger.ledger import Connection, Ledger
from server.ledger.people import OUTSIDE, field_officer

_NUMBERED = "SELECT number, reported_at FROM incident WHERE id = %s"
_MINE = "SELECT incident, state FROM assignment WHERE id = %s AND worker = %s"
_MY_CHECK = "SELECT incident FROM verify_task WHERE id = %s AND checker = %s AND kind = 'verify'"
_MY_ECHO = "SELECT incident FROM feedback WHERE id = %s AND worker = %s"
_MY_REPORT = "SELECT incident FROM report WHERE incident = %s AND reporter_worker = %s LIMIT 1"
_HOW_IT_STANDS = "SELECT a.state, i.state, i.version FROM assignment a JOIN incident i ON i.id = a.incident WHERE a.id = %s"


STAGE_OF: dict[type, str] = {Progress: "during", Complete: "after", VerifyResult: "check", SelfHandle: "after"}
"""What the photos of a command show."""


@dataclass(frozen=True, slots=True)
class Named:
    """An order as its sender named it: its id, and what tells it from another he gave the same name."""

    id: UUID
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A report that became an incident."""

    incident: UUID
    number: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What a worker's order left behind."""

    incident: UUID
    version: int
    assignment_state: str
    incident_state: str


def accept(ledger: Ledger, order: Named, report: Report, worker: Worker | None, store: PhotoStore) -> Accepted:
    """The report is an incident with a number; the same order again gets the same. Refused where a rule says no.

    The place is looked at before any photo is kept; a report that is refused leaves none behind.
    """
    with ledger.transaction() as connection:
        if not ledger.grids(connection, datetime.now(UTC)).grid_of(report.place):
            raise Refused("outside_district", "place")
        officer = _officer(connection, worker) if worker else OUTSIDE
    command = MakeReport(
        report.text,
        report.place,
        report.channel,
        report.place_text,
        report.category,
        report.urgency,
        floor=report.floor,
        occurred_at=report.occurred_at,
        accuracy_m=report.accuracy_m,
        anonymous=report.anonymous,
        confidential=report.confidential,
        reporter_kind="worker" if worker else "citizen",
        reporter_worker=worker.id if worker else None,
        attachments=_attached(report.photos, order.id, "report", report.occurred_at),
    )
    reporter = None if report.anonymous or not any((report.reporter.name, report.reporter.phone)) else report.reporter
    with store.holding(report.photos):
        entered = carry_out(ledger, order.id, None, 0, command, officer, datetime.now(UTC), None, reporter, digest=order.digest)
    with ledger.transaction() as connection:
        row = connection.execute(_NUMBERED, (entered.incident,)).fetchone()
    assert row is not None, "it was just entered"
    return Accepted(entered.incident, row[0], row[1])


def carry_out_for(
    ledger: Ledger, order: Named, worker: Worker, assignment: UUID, ordered: Ordered, store: PhotoStore
) -> CarriedOut:
    """What the worker pressed is a fact; TurnedAway('not_yours') for somebody else's task, Refused where a rule says no.

    A worker's order meets whatever version the incident has: he speaks for his own task only.
    """
    with ledger.transaction() as connection:
        mine = connection.execute(_MINE, (assignment, worker.id)).fetchone()
        if mine is None:
            raise TurnedAway("not_yours", "assignment")
        officer = _officer(connection, worker)
    entered = _entered(ledger, order, mine[0], officer, ordered, store)
    with ledger.transaction() as connection:
        row = connection.execute(_HOW_IT_STANDS, (assignment,)).fetchone()
    assert row is not None, "it was just there"
    return CarriedOut(entered.incident, row[2], row[0], row[1])


def answer_check(ledger: Ledger, order: Named, worker: Worker, check: UUID, ordered: Ordered, store: PhotoStore) -> str:
    """What a worker found who was asked to look is a fact; the state of the incident. TurnedAway('not_yours') for another's."""
    return _of_his_own(ledger, order, worker, (_MY_CHECK, check, "check"), ordered, store)


def handle_himself(ledger: Ledger, order: Named, worker: Worker, incident: UUID, ordered: Ordered, store: PhotoStore) -> str:
    """What a worker reported and settled on the spot is done; the state of the incident."""
    return _of_his_own(ledger, order, worker, (_MY_REPORT, incident, "incident"), ordered, store)


def mark_read(ledger: Ledger, order: Named, worker: Worker, echo: UUID, store: PhotoStore) -> str:
    """A worker read what came of a matter of his; the state of the incident."""
    read = Ordered(MarkFeedback(echo, "read"))
    return _of_his_own(ledger, order, worker, (_MY_ECHO, echo, "echo"), read, store)


def enter_visit(ledger: Ledger, order: Named, worker: Worker, visit: Visit) -> visits.Told:
    """What a worker tells of a visit stands in the ledger; Refused where it cannot have been so."""
    now = datetime.now(UTC)
    with ledger.transaction() as connection:
        _officer(connection, worker)
        known = visits.known(connection, order.id, order.digest, worker)
        if known is not None:
            return known
        require_believable(visit, now)
        grid = ledger.grids(connection, now).grid_of(visit.place)
        if not grid:
            raise Refused("outside_district", "place")
        return visits.enter(connection, ledger.seal, order.id, order.digest, worker, visit, grid, now)


def _of_his_own(
    ledger: Ledger, order: Named, worker: Worker, about: tuple[str, UUID, str], ordered: Ordered, store: PhotoStore
) -> str:
    """A command about something that belongs to a worker: the question that finds it, its id, what it is called."""
    asked, named, what = about
    with ledger.transaction() as connection:
        row = connection.execute(asked, (named, worker.id)).fetchone()
        if row is None:
            raise TurnedAway("not_yours", what)
        officer = _officer(connection, worker)
    _entered(ledger, order, row[0], officer, ordered, store)
    with ledger.transaction() as connection:
        stands = connection.execute("SELECT state FROM incident WHERE id = %s", (row[0],)).fetchone()
    assert stands is not None, "it was just there"
    return str(stands[0])


def _entered(ledger: Ledger, order: Named, incident: UUID, officer: Officer, ordered: Ordered, store: PhotoStore) -> Entered:
    """The command with its photos, committed, on whatever version the incident has."""
    command = ordered.command
    if isinstance(command, Progress | Complete | VerifyResult | SelfHandle):
        attached = _attached(ordered.photos, order.id, STAGE_OF[type(command)], ordered.at)
        command = replace(command, attachments=attached)
    with store.holding(ordered.photos):
        return carry_out(ledger, order.id, incident, 0, command, officer, datetime.now(UTC), ordered.at, digest=order.digest)


def _officer(connection: Connection, worker: Worker) -> Officer:
    """The worker as the one who acts; TurnedAway('no_post') where he holds no post any more."""
    try:
        return field_officer(connection, worker.id, datetime.now(UTC))
    except Refused:
        raise TurnedAway("no_post", "worker") from None


def _attached(photos: tuple[Photo, ...], order_id: UUID, stage: str, taken_at: datetime | None) -> tuple[Attachment, ...]:
    """The photos as attachments, each once."""
    unlike = {photo.sha256: photo for photo in photos}
    return tuple(photo.attached_to(order_id, stage, taken_at) for photo in unlike.values())
