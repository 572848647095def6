"""A look before something is filed (核实): the worker goes there, sees whether it is so, and says so with a picture."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from governance.places import LonLat
from server.drill.credentials import Phone
from server.drill.errand import Legs
from server.drill.phone_line import Line
from server.drill.photograph import taken
from server.drill.temper import Temper

RESULTS = (("exist", "现场属实"), ("not_exist", "现场未发现所述情况"), ("unable", "院门锁闭，无法核实"))
WEIGHTS = (8, 2, 1)


@dataclass(frozen=True, slots=True)
class Glance:
    """What is needed to look at one thing."""

    check: str
    ordinal: int
    """How many orders and looks this worker had before."""
    phone: Phone
    line: Line
    legs: Legs
    temper: Temper

    async def run(self) -> str:
        """Look; what was seen, or how it ended: silent, gone, or what the intake refused."""
        intent = self.temper.intent(self.phone.number, self.ordinal)
        await asyncio.sleep(self.temper.seconds(intent.notices_s))
        if not intent.answers:
            return "silent"
        look = await self._look()
        if look is None:
            return "gone"
        try:
            await self.legs.go(LonLat(look["lon"], look["lat"]), self.temper.speed_m_s)
            await asyncio.sleep(self.temper.seconds(intent.looks_s))
            return await self._answer()
        finally:
            await self.legs.resume_patrol()

    async def _answer(self) -> str:
        """Say what was seen."""
        dice = self.temper.dice(self.phone.number, self.ordinal, "look")
        result, reason = dice.choices(RESULTS, (1, 0, 0) if self.temper.eager else WEIGHTS)[0]
        photo = await asyncio.to_thread(taken, dice.getrandbits(32))
        answer = await self.line.as_phone(
            self.phone,
            "POST",
            f"/v1/worker/checks/{self.check}",
            data={"result": result, "reason": reason},
            files={"photo": ("look.jpg", photo, "image/jpeg")},
        )
        return result if answer.is_done else f"refused: {answer.body.get('code', answer.status)}"

    async def _look(self) -> dict[str, Any] | None:
        """What is to be looked at, as the phone shows it; None where nobody asks any more."""
        answer = await self.line.as_phone(self.phone, "GET", "/v1/worker/tasks")
        looks = answer.body.get("checks", []) if answer.is_done else []
        return next((look for look in looks if look["check"] == self.check), None)
