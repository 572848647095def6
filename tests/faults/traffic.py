"""What goes on while something dies: two desks order, phones report over HTTPS, a gateway sends fixes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx

from governance.commands import File, MakeReport
from governance.incident import State
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import HeadlessDesk
from tests.together.phones import Gateway, Phone

ORDER_EVERY_S = 0.12
REPORT_EVERY_S = 0.15
WALKER = 7
LOST_ON_THE_WAY = (httpx.TransportError,)


@dataclass
class Told:
    """One report of a phone that the server acknowledged."""

    key: str
    number: str
    tries: int
    began_at: float
    answered_at: float


class Traffic:
    """Everything at once; `turn` is called from the test's thread, reports go out on one of their own."""

    def __init__(self, work: ServerAtWork, desks: tuple[HeadlessDesk, ...]) -> None:
        """Phones and the gateway are logged on; nothing goes out yet."""
        self.desks = desks
        self._phones = [Phone(work, row, timeout_s=3.0) for row in range(6)]
        self._gateway = Gateway(work)
        self.told: list[Told] = []
        self._over = threading.Event()
        self._reporting = threading.Thread(target=self._report, name="phones")
        self._next_order_s = 0.0
        self._next_fix_s = 0.0
        self.last_fix_s = 0
        self._filed: set[UUID] = set()
        self.problems: list[str] = []

    def start(self) -> None:
        """Phones begin to report."""
        self._reporting.start()

    def turn(self, orders: bool = True) -> None:
        """One moment of two desks and a walking worker."""
        now = time.monotonic()
        for desk in self.desks:
            desk.turn()
        if orders and now >= self._next_order_s:
            self._next_order_s = now + ORDER_EVERY_S
            for desk in self.desks:
                self._one_order(desk)
        if now >= self._next_fix_s:
            self._next_fix_s = now + 1.0
            step = int(time.time()) % 60
            self.last_fix_s = self._gateway.push(WALKER, spot(0.3 + step * 1e-4, 0.3)) or self.last_fix_s

    def for_s(self, seconds: float) -> None:
        """Go on for a while."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.turn()
            time.sleep(0.01)

    def settle(self) -> None:
        """No new orders or reports; all that went out were answered and came back."""
        self._over.set()
        if self._reporting.ident is not None:
            until(lambda: not self._reporting.is_alive(), "the last report", 60, lambda: self.turn(orders=False))
        done: Callable[[], bool] = lambda: all(desk.sent.keys() == desk.outcomes.keys() for desk in self.desks)  # noqa: E731
        until(done, "every order ended", 60, lambda: self.turn(orders=False))

    def close(self) -> None:
        """Nothing goes out any more."""
        self._over.set()
        if self._reporting.ident is not None:
            self._reporting.join(30)
        for phone in self._phones:
            phone.close()
        self._gateway.close()

    def _one_order(self, desk: HeadlessDesk) -> None:
        """File an incident of its own that still lies there, else report a new one."""
        mine = (outcome.incident for outcome in desk.outcomes.values() if isinstance(outcome.order.command, MakeReport))
        for incident in mine:
            case = desk.situation.cases.get(incident) if incident else None
            if case is not None and case.incident.state is State.REPORTED and case.incident.id not in self._filed:
                self._filed.add(case.incident.id)
                desk.order(File("03.01"), case)
                return
        desk.order(MakeReport(f"{desk.login} {len(desk.sent)}", spot(0.2 + 0.01 * (len(desk.sent) % 50), 0.4)))

    def _report(self) -> None:
        """Report after report, each under its key until it is acknowledged."""
        turn = 0
        while not self._over.wait(REPORT_EVERY_S):
            phone, key = self._phones[turn % len(self._phones)], str(uuid4())
            began_at, tries = time.monotonic(), 0
            while True:
                tries += 1
                try:
                    answer = phone.report(f"来自手机 {key}", spot(0.6, 0.6), key)
                except LOST_ON_THE_WAY:
                    time.sleep(0.1)
                    continue
                if answer.status_code == 201:
                    self.told.append(Told(key, answer.json()["number"], tries, began_at, time.monotonic()))
                    break
                if answer.status_code not in (429, 503):
                    self.problems.append(answer.text)
                    break
                time.sleep(0.2)
            turn += 1
