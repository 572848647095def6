"""A direct order in the hands of the drill's worker: answered at once, also by whoever is busy; an ordinary one is not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from governance.places import LonLat
from server.drill.credentials import Phone
from server.drill.errand import Errand, Legs
from server.drill.phone_line import Answer
from server.drill.temper import Temper

HERE = LonLat(120.2, 30.2)


class HeardLine:
    """A line that shows one order and remembers what was pressed."""

    def __init__(self, mode: str, state: str) -> None:
        self.pressed: list[str] = []
        self._task = {"assignment": "a", "mode": mode, "state": state, "role": "lead", "lon": 120.2, "lat": 30.2}

    async def as_phone(self, _phone: Phone, method: str, path: str, **_content: Any) -> Answer:
        if method == "GET":
            return Answer(200, {"tasks": [self._task], "checks": [], "echoes": []})
        self.pressed.append(path.rpartition("/")[2])
        return Answer(200, {})


def errand(line: HeardLine) -> Errand:
    async def nowhere(*_values: object) -> None:
        return None

    phone = Phone(**dict.fromkeys(Phone.__dataclass_fields__, 1))  # type: ignore[arg-type]
    return Errand("a", 0, phone, line, Legs(lambda: HERE, nowhere, nowhere), Temper(pace=1000.0, eager=True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "state", "pressed"),
    [("direct", "sent", ["ack"]), ("direct", "delivered", ["ack"]), ("direct", "acked", []), ("normal", "sent", [])],
)
def test_whoever_is_busy_still_answers_a_direct_order(mode: str, state: str, pressed: list[str]) -> None:
    line = HeardLine(mode, state)
    asyncio.run(errand(line).acknowledge())
    assert line.pressed == pressed


@pytest.mark.parametrize(("mode", "first"), [("direct", ["ack", "accept"]), ("normal", ["accept", "arrive"])])
def test_a_direct_order_is_acknowledged_before_it_is_taken_up(mode: str, first: list[str]) -> None:
    line = HeardLine(mode, "sent")
    assert asyncio.run(errand(line).run()) == "done"
    assert line.pressed[:2] == first
