"""A desk's link asks a real server for a month of a real ledger, and puts an export on record."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from desktop.link.from_server import Enquired, LoggedOn
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import Enquire, LogOn
from tests.server.conftest import District, district, seeded_template
from tests.server.indicator_rows import closed, load, many
from wire.indicator_requests import ExportIndicators, IndicatorsAre, ReadIndicators

__all__ = ["district", "seeded_template"]
PATIENCE_S = 45.0


def _hear(link: Link, fits: Callable[[Any], bool]) -> Any:
    """The first such thing the link says; waits for it."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        try:
            said = link.arrived.get(timeout=0.05)
        except queue.Empty:
            continue
        if fits(said):
            return said
    raise AssertionError("the link said nothing of the kind")


def _ask(link: Link, request: ReadIndicators | ExportIndicators) -> Enquired:
    key = uuid4()
    link.submit(Enquire(key, request))
    answer: Enquired = _hear(link, lambda said: isinstance(said, Enquired) and said.key == key)
    return answer


def test_a_month_and_its_export_come_over_the_link(district: District, tmp_path: Path) -> None:
    load(district, many(6, closed()))
    district.start("desk")
    link = Link(ServerAddress(district.settings.desk_endpoint, district.keys.curve_public), tmp_path)
    link.start()
    try:
        link.submit(LogOn("lead1", district.seeded.passwords["lead1"]))
        _hear(link, lambda said: isinstance(said, LoggedOn))
        month = _ask(link, ReadIndicators(0, "2026-10"))
        assert isinstance(month.reply, IndicatorsAre)
        assert next(each.value for each in month.reply.figures if each.code == "K07") == "100.00"
        written = _ask(link, ExportIndicators(0, "2026-10"))
        assert isinstance(written.reply, IndicatorsAre)
        assert written.reply.export is not None
        refused = _ask(link, ReadIndicators(0, "2026-10", "110101"))
        assert refused.refused is not None
        assert refused.refused.code == "not_your_area"
    finally:
        link.stop()
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT id FROM export_log").fetchall() == [(written.reply.export,)]
