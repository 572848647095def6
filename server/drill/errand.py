"""One order in the hands of one worker: notices it, says yes or no, goes there along the roads, works, tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.places import LonLat
from server.drill.credentials import Phone
from server.drill.phone_line import Answer, Line
from server.drill.photograph import taken
from server.drill.temper import Temper

NEAR_M = 95.0
THINKS_S = 4.0
ASSIST_PATIENCE = 60
ASSIST_PAUSE_S = 60.0
PROGRESS = ("已到现场，正在了解情况", "正在劝导当事人", "已联系物业，共同处置", "正在清理，预计很快完成")
RESULTS = (
    "已现场处置完毕，恢复正常",
    "已清理干净并拍照留存",
    "当事人已接受劝导，问题解决",
    "已协调物业完成整改",
    "隐患已消除，后续加强巡查",
)


async def read_echoes(line: Line, phone: Phone) -> int:
    """Somebody looks at his phone: what he was told of his matters counts as read; how much that was."""
    answer = await line.as_phone(phone, "GET", "/v1/worker/echoes")
    unread = [echo["echo"] for echo in answer.body.get("echoes", ()) if echo["state"] == "sent"] if answer.is_done else []
    for echo in unread:
        await line.as_phone(phone, "POST", f"/v1/worker/echoes/{echo}/read", json={})
    return len(unread)


@dataclass(frozen=True, slots=True)
class Legs:
    """How a worker gets about, given by the field force."""

    where: Callable[[], LonLat]
    go: Callable[[LonLat, Callable[[float], float]], Awaitable[None]]
    """To a place, at the speed that a function of the distance in metres gives; done when he is there."""
    resume_patrol: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Errand:
    """What is needed to carry one order out."""

    order: str
    ordinal: int
    """How many orders this worker had before."""
    phone: Phone
    line: Line
    legs: Legs
    temper: Temper

    async def run(self) -> str:
        """Carry it out; how it ended: done, declined, silent, or what the intake refused."""
        intent = self.temper.intent(self.phone.number, self.ordinal)
        await self._wait(intent.notices_s)
        if not intent.answers:
            return "silent"
        task = await self._task()
        if task is None:
            return "gone"
        if await self._acknowledged(task):
            await self._wait(THINKS_S)
        if not intent.goes:
            return self._ended(await self._press("decline", {"reason_code": intent.decline_reason}), "declined")
        if task["state"] in ("sent", "delivered", "acked"):
            accepted = await self._press("accept", {})
            if not accepted.is_done:
                return self._ended(accepted, "accepted")
        try:
            ended = await self._go_and_do(task, task["state"] == "arrived")
            await read_echoes(self.line, self.phone)
            return ended
        finally:
            await self.legs.resume_patrol()

    async def acknowledge(self) -> None:
        """Whoever is busy with something else still answers a direct order, as soon as he notices it."""
        intent = self.temper.intent(self.phone.number, self.ordinal)
        await self._wait(intent.notices_s)
        task = await self._task() if intent.answers else None
        if task is not None:
            await self._acknowledged(task)

    async def _acknowledged(self, task: Mapping[str, Any]) -> bool:
        """A direct order is answered at once, and thought about after; whether it was one."""
        is_new = task["mode"] == "direct" and task["state"] in ("sent", "delivered")
        return is_new and (await self._press("ack", {})).is_done

    async def _go_and_do(self, task: Mapping[str, Any], is_there: bool) -> str:
        """From yes to done; of a direct order whose lead does not answer, whoever is there first leads."""
        intent, place = self.temper.intent(self.phone.number, self.ordinal), LonLat(task["lon"], task["lat"])
        if not is_there:
            await self._wait(intent.sets_out_s)
            await self.legs.go(place, self.temper.speed_m_s)
            await self._wait(intent.looks_s)
            here = self.legs.where()
            there = {
                "lon": here.lon,
                "lat": here.lat,
                "reason": "" if here.distance_m(place) < 95 else "车辆无法驶入，步行到达",
            }
            arrived = await self._press("arrive", there)
            if not arrived.is_done:
                return self._ended(arrived, "arrived")
        if task["mode"] == "direct" and task["role"] == "assist":
            await self._press("take_lead", {})  # refused where the lead has answered, and that is well
        dice = self.temper.dice(self.phone.number, self.ordinal, "words")
        if intent.reports_progress:
            await self._wait(intent.works_s / 2)
            await self._press("progress", {"text": dice.choice(PROGRESS)})
        await self._wait(intent.works_s / (2 if intent.reports_progress else 1))
        photo = await asyncio.to_thread(taken, dice.getrandbits(32))
        return await self._complete({"text": dice.choice(RESULTS)}, {"photo": ("after.jpg", photo, "image/jpeg")})

    async def _complete(self, fields: Mapping[str, object], files: dict[str, tuple[str, bytes, str]]) -> str:
        """Say that it is done; whoever leads waits for those who assist."""
        done = await self._press("complete", fields, files)
        for _ in range(ASSIST_PATIENCE):
            if done.body.get("code") != "assist_open":
                break
            await self._wait(ASSIST_PAUSE_S)
            done = await self._press("complete", fields, files)
        return self._ended(done, "done")

    async def _task(self) -> dict[str, Any] | None:
        """The order as the phone shows it; None where it no longer stands."""
        answer = await self.line.as_phone(self.phone, "GET", "/v1/worker/tasks")
        tasks = answer.body.get("tasks", []) if answer.is_done else []
        return next((task for task in tasks if task["assignment"] == self.order), None)

    async def _press(
        self, action: str, fields: Mapping[str, object], files: dict[str, tuple[str, bytes, str]] | None = None
    ) -> Answer:
        """One button of the phone."""
        path = f"/v1/worker/tasks/{self.order}/{action}"
        if files:
            return await self.line.as_phone(self.phone, "POST", path, data=fields, files=files)
        return await self.line.as_phone(self.phone, "POST", path, json=fields)

    async def _wait(self, human_s: float) -> None:
        await asyncio.sleep(self.temper.seconds(human_s))

    def _ended(self, answer: Answer, word: str) -> str:
        return word if answer.is_done else f"{word} refused: {answer.body.get('code', answer.status)}"
