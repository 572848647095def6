"""Who is dialled: on record before the address is handed out, which goes to the desk's telephone program alone.

Workers and units are dialled by their number at the district's exchange: the ledger has no telephone numbers of theirs.
A caller's number is opened after the step that says who dialled is committed, with the purpose `dial` in the access log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from governance.commands import Dial
from governance.people import Officer
from governance.refusal import Refused
from server import sessions
from server.handling.order_book import carry_out
from server.ledger import phone_book, reporters
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from wire.dial_requests import AskDial, DialIs


class DialCounter:
    """The part of the service window where numbers are dialled."""

    def __init__(self, ledger: Ledger, exchange: str) -> None:
        """`exchange` is the host of the district's telephone exchange; empty where there is none."""
        self._ledger, self._exchange = ledger, exchange
        self.table: dict[type, Callable[[Session, Any], DialIs]] = {AskDial: self._dial}

    def _dial(self, session: Session, request: AskDial) -> DialIs:
        """The step, and then the address; Refused, with nothing on record, where there is nothing to dial."""
        now = datetime.now(UTC)
        if request.target != "caller" and not self._exchange:
            raise Refused("no_exchange", "target")

        def permit(connection: Connection) -> None:
            sessions.require_live(connection, session.id, now)

        officer, command = session.officer, Dial(request.target, request.who)
        whom = f"dial|{request.incident}|{request.target}|{request.who}"  # this order id opens the number of nobody else
        carry_out(self._ledger, request.order_id, request.incident, 0, command, officer, now, permit=permit, digest=whom)
        return DialIs(request.n, request.order_id, self._address(officer, request.target, request.who, now))

    def _address(self, officer: Officer, target: str, who: UUID, now: datetime) -> str:
        """sip:NUMBER@EXCHANGE, or tel:NUMBER of a caller whom the officer may know still: an order sent again may be old."""
        with self._ledger.transaction() as connection:
            if target != "caller":
                number, _ = phone_book.extension(connection, target, who)
                return f"sip:{number}@{self._exchange}"
            reporters.require_openable(connection, who, officer, self._ledger.rules(connection, now))
            phone = reporters.reveal(connection, self._ledger.seal, who, "phone")
        digits = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
        if not digits:
            raise Refused("no_number", "target")
        return f"tel:{digits}"
