"""Which certificate each device is known by: read from the devices, accepted by somebody who keeps the cameras, on record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from server.camera_devices.certificates import Shown, shown_by, uses_tls
from server.camera_devices.patience import ANSWER_S, DeviceFailed, in_time
from server.cameras_admin.loading import record
from server.ledger import camera_sources
from server.ledger.camera_sources import Source
from server.ledger.ledger import Connection, Ledger
from server.rules_admin.loading import Who

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Met:
    """One device: what it showed, or the code of why it showed nothing."""

    source: Source
    name: str
    shown: Shown | None = None
    code: str = ""


def over_tls(ledger: Ledger, connection: Connection, camera: str) -> list[tuple[Source, str]]:
    """The cameras in use that we ask over HTTPS, with their names, by code; only one where that is named."""
    rows = connection.execute("SELECT id, name FROM camera WHERE retired_at IS NULL ORDER BY id").fetchall()
    sources = camera_sources.all_of(connection, ledger.seal)
    return [
        (sources[code], name) for code, name in rows if code in sources and camera in ("", code) and uses_tls(sources[code])
    ]


def meet(asked: Sequence[tuple[Source, str]], patience_s: float = ANSWER_S) -> list[Met]:
    """What every device shows, in the same order; waits so long for each, several at once. Not on a loop's thread."""
    return asyncio.run(_meet(asked, patience_s))


async def _meet(asked: Sequence[tuple[Source, str]], patience_s: float) -> list[Met]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source, name: str) -> Met:
        async with slots:
            try:
                return Met(source, name, await in_time(patience_s, shown_by(source)))
            except DeviceFailed as no:
                return Met(source, name, code=no.code)

    return await asyncio.gather(*(one(source, name) for source, name in asked))


def accept(ledger: Ledger, connection: Connection, met: Sequence[Met], who: Who, now: datetime) -> None:
    """These devices are known by what they showed from now on. `connection` is the owner's."""
    said: list[dict[str, str]] = []
    for each in met:
        assert each.shown is not None, "only what was shown is accepted"
        before = camera_sources.find(connection, ledger.seal, each.source.camera)
        if before.address != each.source.address:  # loaded anew meanwhile: it is another device
            continue
        camera_sources.keep(connection, ledger.seal, replace(before, fingerprint=each.shown.fingerprint), now)
        said.append({"camera": before.camera, "was": before.fingerprint, "became": each.shown.fingerprint})
    record(connection, "trust", who, {"certificates": said}, now)
