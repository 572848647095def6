"""An administrator's link reads, checks and loads rules at a real server; the ledger has a version more."""

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
from desktop.rules.draft import Draft
from desktop.rules.parts import parts_of
from desktop.rules.tables import TABLES
from server.ledger import rules_store
from tests.server.conftest import District, district, seeded_template
from wire.rules_requests import CheckRules, LoadRules, ReadRules, RulesAre, RulesChecked, RulesFile, RulesLoaded

__all__ = ["district", "seeded_template"]
PATIENCE_S = 60.0


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


def _ask(link: Link, request: Any) -> Any:
    key = uuid4()
    link.submit(Enquire(key, request))
    answer: Enquired = _hear(link, lambda said: isinstance(said, Enquired) and said.key == key)
    assert answer.refused is None
    return answer.reply


def test_a_draft_of_cells_becomes_a_version_of_the_ledger(district: District, tmp_path: Path) -> None:
    district.start("desk")
    link = Link(ServerAddress(district.settings.desk_endpoint, district.keys.curve_public), tmp_path)
    link.start()
    try:
        link.submit(LogOn("admin1", district.seeded.passwords["admin1"]))
        _hear(link, lambda said: isinstance(said, LoggedOn))
        read = _ask(link, ReadRules(0))
        assert isinstance(read, RulesAre)
        parts = {part: value for file in read.files for part, value in parts_of(file.name, file.content).items()}
        draft = Draft(read.version, parts)
        amount = next(column for column in TABLES["limits"] if column.key == "amount")
        radius = next(column for column in TABLES["root"] if column.key == "merge_radius_m")
        draft.write(("limits", 0), amount, "20")
        draft.write(("settings", "sample_percent"), TABLES["settings"][0], "35")
        draft.write(("settings", "hours"), TABLES["settings"][0], "09:00-12:00, 13:00-17:00")
        draft.write(("root", 2, "leaf", 0), radius, "75")
        draft.add(("calendar",))
        draft.write(("calendar", 0), TABLES["calendar"][0], "2027-10-01")
        draft.write(("calendar", 0), TABLES["calendar"][1], "rest")
        files = tuple(RulesFile(name, content) for name, content in draft.files().items())
        checked = _ask(link, CheckRules(0, files))
        assert isinstance(checked, RulesChecked)
        assert checked.wrong == ()
        codes = sorted(each.code for each in checked.difference)
        assert codes == ["category_changed", "day_new", "limit_changed", "setting_changed", "setting_changed"]
        loaded = _ask(link, LoadRules(0, files, "", read.newest))
        assert isinstance(loaded, RulesLoaded)
    finally:
        link.stop()
    with district.ledger.transaction() as connection:
        rules = rules_store.load(connection, loaded.version)
    leaf = parts["root"][2]["leaf"][0]["code"]
    assert (rules.limits[0].amount, rules.sample_percent, rules.categories[leaf].merge_radius_m) == (20.0, 35.0, 75.0)
    assert [str(day) for day in rules.calendar.rest_days] == ["2027-10-01"]
