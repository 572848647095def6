"""The public intake as its clients see it: HTTPS with a token, patience when told to wait, one key for every retry."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import structlog

from server.drill.credentials import Phone

TRIES = 6
PATIENCE_S = 0.5
LONGEST_PAUSE_S = 10.0
SILENT_S = 60.0
"""Between two log lines about lost connections."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the intake said: the status and its JSON."""

    status: int
    body: dict[str, Any]

    @property
    def is_done(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.status < 300


class Line:
    """One HTTPS client for everybody the drill plays; tokens are kept per device. Event loop only."""

    def __init__(self, url: str, certificate: Path) -> None:
        """Trusts this certificate and nothing else."""
        limits = httpx.Limits(max_connections=40, max_keepalive_connections=10)
        trusting = ssl.create_default_context(cafile=str(certificate))
        self._client = httpx.AsyncClient(base_url=url, verify=trusting, timeout=40, limits=limits)
        self._tokens: dict[str, str] = {}
        self._lost = 0
        self._told_at = -SILENT_S

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def log_on(self, device: str, secret: str, kind: str = "worker") -> bool:
        """Get a token for a device."""
        answer = await self.ask("POST", f"/v1/{kind}/log-on", json={"device": device, "secret": secret})
        if answer.is_done:
            self._tokens[device] = answer.body["token"]
        return answer.is_done

    async def as_phone(self, phone: Phone, method: str, path: str, **content: Any) -> Answer:
        """Ask as this phone; logs on first where that was not done or is over."""
        return await self.as_device(phone.device, phone.secret, "worker", method, path, **content)

    async def as_device(self, device: str, secret: str, kind: str, method: str, path: str, **content: Any) -> Answer:
        """The same for any device."""
        for _ in range(2):
            if device not in self._tokens and not await self.log_on(device, secret, kind):
                break
            headers = {"Authorization": f"Bearer {self._tokens[device]}"}
            answer = await self.ask(method, path, headers=headers, **content)
            if answer.status != 401:
                return answer
            self._tokens.pop(device, None)
        return Answer(401, {"code": "not_logged_on"})

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> Answer:
        """Ask until there is an answer: again after a lost line, a 429 or a 5xx, under the same idempotency key."""
        headers = {**(headers or {}), **({"Idempotency-Key": str(uuid4())} if method == "POST" else {})}
        pause_s = PATIENCE_S
        for _ in range(TRIES):
            try:
                got = await self._client.request(method, path, headers=headers, **content)
            except httpx.TransportError as lost:
                self._say_lost(lost)
            else:
                if got.status_code != 429 and got.status_code < 500:
                    return Answer(got.status_code, got.json() if "json" in got.headers.get("content-type", "") else {})
                pause_s = float(got.headers.get("retry-after", pause_s))
            await asyncio.sleep(min(pause_s, LONGEST_PAUSE_S))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        return Answer(503, {"code": "busy"})

    def _say_lost(self, problem: httpx.TransportError) -> None:
        """Count a lost connection; a line in the log at most once a minute."""
        self._lost += 1
        if time.monotonic() - self._told_at >= SILENT_S:
            log.info("drill_line_lost", problem=type(problem).__name__, times=self._lost)
            self._told_at, self._lost = time.monotonic(), 0
