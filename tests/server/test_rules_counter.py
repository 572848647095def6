"""An administrator's desk asks about the rules: reads, checks a draft, loads it for a day; nobody else may, and never twice."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from governance.commands import MakeReport
from governance.people import Role
from governance.refusal import Refused
from governance.rules import Rules
from server.ledger import rules_store
from server.ledger.ledger import Ledger
from server.ledger.local_day import local_day
from server.rules_admin.counter import RulesCounter
from server.sessions import Session, sign_on
from wire.requests import Refusal, SignOn
from wire.rules_requests import CheckRules, LoadRules, ReadRules, RulesAre, RulesChecked, RulesFile, RulesLoaded

from .conftest import District, RawDesk, middle

TODAY = local_day(datetime.now(UTC))
TOMORROW, LATER = (str(TODAY + timedelta(days=days)) for days in (1, 40))


class Desk:
    """Somebody signed on, and the counter he asks."""

    def __init__(self, district: District, login: str) -> None:
        self.counter = RulesCounter(
            district.ledger, lambda: Ledger(district.settings.owner_url, district.keys.data_key, pool_size=1)
        )
        asked = SignOn(1, login, district.seeded.passwords[login])
        session = sign_on(district.ledger, uuid4().hex, asked, datetime.now(UTC), 8.0)
        assert isinstance(session, Session)
        self.session = session

    def ask(self, request: Any) -> Any:
        return self.counter.table[type(request)](self.session, request)

    def read(self, version: int = 0) -> RulesAre:
        reply = self.ask(ReadRules(1, version))
        assert isinstance(reply, RulesAre)
        return reply


def file_of(reply: RulesAre, name: str) -> RulesFile:
    return next(file for file in reply.files if file.name == name)


def edited(file: RulesFile, old: str, new: str) -> RulesFile:
    text = file.content.decode("utf-8-sig")
    assert old in text
    return RulesFile(file.name, text.replace(old, new, 1).encode())


def sampled(reply: RulesAre, percent: str) -> tuple[RulesFile, ...]:
    """A draft that changes one setting."""
    return (edited(file_of(reply, "settings.toml"), "sample_percent = 100.0", f"sample_percent = {percent}"),)


def held(district: District) -> list[int]:
    with district.ledger.transaction() as connection:
        return [version.number for version in rules_store.versions(connection)]


def rules_of(district: District, version: int) -> Rules:
    with district.ledger.transaction() as connection:
        return rules_store.load(connection, version)


def second_administrator(district: District) -> str:
    """The other one: an officer whose post is made an administrator's."""
    district.owner_executes("UPDATE post SET role = 'AD' WHERE id = %s", district.officers["lead2"].post)
    return "lead2"


def test_an_administrator_reads_every_part_and_who_made_each_version(district: District) -> None:
    desk = Desk(district, "admin1")
    first = desk.read()
    assert (first.version, first.newest, first.may_change, first.base) == (1, 1, True, 0)
    assert [file.name for file in first.files] == [
        "categories.toml",
        "settings.toml",
        "limits.csv",
        "duties.csv",
        "calendar.csv",
    ]
    assert first.units["C990001"]
    assert set(first.areas) >= {"990001", "990001001", "990001001001"}
    assert all(len(code) <= 12 for code in first.areas)
    loaded = desk.ask(LoadRules(2, sampled(first, "20"), LATER, 1))
    assert (loaded.n, loaded.version) == (2, 2)
    second = desk.read(2)
    assert [(each.number, each.when) for each in second.versions] == [(1, "in_force"), (2, "to_come")]
    assert second.versions[1].who == district.officers["admin1"].name
    assert (second.base, [each.code for each in second.difference]) == (1, ["setting_changed"])
    assert desk.read().version == 1
    with pytest.raises(Refused, match="no_version"):
        desk.read(9)


def test_an_auditor_reads_limits_and_days_and_changes_nothing(district: District) -> None:
    admin = Desk(district, "admin1")
    first = admin.read()
    limit = edited(file_of(first, "limits.csv"), "03.01,,resolve,normal,4,work_hour", "03.01,,resolve,normal,6,work_hour")
    admin.ask(LoadRules(1, (limit, *sampled(first, "20")), LATER, 1))
    desk = Desk(district, "audit1")
    seen = desk.read(2)
    assert ([file.name for file in seen.files], seen.may_change, seen.units) == (["limits.csv", "calendar.csv"], False, {})
    assert [each.code for each in seen.difference] == ["limit_changed"]
    for request in (CheckRules(1, sampled(first, "20")), LoadRules(1, sampled(first, "20"), TOMORROW, 2)):
        with pytest.raises(Refused, match="not_your_role"):
            desk.ask(request)


@pytest.mark.parametrize("login", ["duty1", "lead1", "leader1", "street1", "check1"])
def test_nobody_else_sees_them_here_or_changes_them(district: District, login: str) -> None:
    draft = sampled(Desk(district, "admin1").read(), "20")
    desk = Desk(district, login)
    for request in (ReadRules(1), CheckRules(1, draft), LoadRules(1, draft, TOMORROW, 1)):
        with pytest.raises(Refused, match="not_your_role"):
            desk.ask(request)
    assert held(district) == [1]


def test_a_check_tells_what_would_differ_and_changes_nothing(district: District) -> None:
    desk = Desk(district, "admin1")
    checked = desk.ask(CheckRules(1, sampled(desk.read(), "20"), TOMORROW))
    assert isinstance(checked, RulesChecked)
    assert (checked.base, checked.newest, checked.wrong, checked.later) == (1, 1, (), ())
    (line,) = checked.difference
    assert (line.code, line.params) == ("setting_changed", {"key": "sample_percent", "old": "100", "new": "20"})
    assert held(district) == [1]


def test_every_mistake_is_told_with_its_field_and_nothing_is_loaded(district: District) -> None:
    desk = Desk(district, "admin1")
    first = desk.read()
    limits = edited(edited(file_of(first, "limits.csv"), ",15,minute", ",0,minute"), ",resolve,normal,", ",resolved,normal,")
    draft = (*sampled(first, '"many"'), limits)
    for request in (CheckRules(1, draft, TOMORROW), LoadRules(1, draft, TOMORROW, 1)):
        checked = desk.ask(request)
        assert isinstance(checked, RulesChecked)
        found = {(each.file, each.path[0], each.path[-1], each.code) for each in checked.wrong}
        assert found >= {
            ("settings.toml", "settings", "sample_percent", "not_a_number"),
            ("limits.csv", "limits", "amount", "not_more_than"),
            ("limits.csv", "limits", "stage", "not_one_of"),
        }
        rows = list(csv.DictReader(io.StringIO(limits.content.decode())))
        amount = next(each for each in checked.wrong if each.code == "not_more_than")
        assert rows[int(amount.path[1])]["amount"] == "0"
    assert held(district) == [1]


def test_an_administrator_hears_how_many_matters_keep_a_category_and_not_which(district: District) -> None:
    made = district.order(MakeReport("价格欺诈", middle(0), category="10.03"), "duty1")
    assert made.case is not None
    desk = Desk(district, "admin1")
    text = file_of(desk.read(), "categories.toml").content.decode()
    start = text.index('[[root.leaf]]\ncode = "10.03"')
    without = text[:start] + text[text.index("[[root.leaf]]", start + 5) :]
    checked = desk.ask(CheckRules(1, (RulesFile("categories.toml", without.encode()),)))
    (wrong,) = [each for each in checked.wrong if each.code == "category_in_use"]
    assert wrong.params == {"category": "10.03", "count": "1"}
    assert made.case.incident.number not in str(checked)


@pytest.mark.parametrize(
    ("day", "code"),
    [("2020-01-01", "day_past"), ("2206-12-01", "day_far"), ("2026-02-30", "day_wrong"), ("明天", "day_wrong")],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(district: District, day: str, code: str) -> None:
    desk = Desk(district, "admin1")
    draft = sampled(desk.read(), "20")
    for request in (CheckRules(1, draft, day), LoadRules(1, draft, day, 1)):
        with pytest.raises(Refused, match=code) as no:
            desk.ask(request)
        assert no.value.about == "day"
    assert held(district) == [1]


def test_what_differs_in_nothing_makes_no_version(district: District) -> None:
    desk = Desk(district, "admin1")
    done = desk.ask(LoadRules(1, desk.read().files, TOMORROW, 1))
    assert isinstance(done, RulesChecked)
    assert (done.wrong, done.difference) == ((), ())
    assert held(district) == [1]


def test_the_same_load_once_more_is_answered_the_same_and_done_once(district: District) -> None:
    desk = Desk(district, "admin1")
    request = LoadRules(1, sampled(desk.read(), "20"), TOMORROW, 1)
    first = desk.ask(request)
    again = desk.ask(request)
    assert isinstance(first, RulesLoaded)
    assert again == first
    assert held(district) == [1, 2]
    with pytest.raises(Refused, match="rules_changed"):
        desk.ask(LoadRules(1, request.files, LATER, 1))
    with pytest.raises(Refused, match="rules_changed"):
        desk.ask(LoadRules(1, sampled(desk.read(), "60"), TOMORROW, 1))


def test_of_two_administrators_who_load_at_once_one_hears_who_was_faster(district: District) -> None:
    desks = [Desk(district, "admin1"), Desk(district, second_administrator(district))]
    draft = desks[0].read()
    said: dict[int, object] = {}
    gate = threading.Barrier(2)

    def load(number: int) -> None:
        gate.wait(10)
        try:
            said[number] = desks[number].ask(LoadRules(1, sampled(draft, str(20 + number)), TOMORROW, 1))
        except Refused as no:
            said[number] = no

    threads = [threading.Thread(target=load, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (faster,) = [number for number, reply in said.items() if isinstance(reply, RulesLoaded)]
    refused = said[1 - faster]
    assert isinstance(refused, Refused)
    name = district.officers[("admin1", "lead2")[faster]].name
    assert (refused.code, refused.details["who"], refused.details["version"]) == ("rules_changed", name, "2")
    assert held(district) == [1, 2]
    assert rules_of(district, 2).sample_percent == 20 + faster


def test_whose_session_or_post_is_over_loads_nothing(district: District) -> None:
    desk = Desk(district, "admin1")
    request = LoadRules(1, sampled(desk.read(), "20"), TOMORROW, 1)
    district.owner_executes("UPDATE post SET role = 'DO' WHERE id = %s", district.officers["admin1"].post)
    with pytest.raises(Refused, match="session_over"):
        desk.ask(request)
    desk.session = replace(desk.session, officer=replace(desk.session.officer, role=Role.DUTY_OFFICER))
    with pytest.raises(Refused, match="not_your_role"):
        desk.ask(request)
    assert held(district) == [1]


def test_a_load_is_on_record_with_the_account(district: District) -> None:
    desk = Desk(district, "admin1")
    desk.ask(LoadRules(1, sampled(desk.read(), "20"), TOMORROW, 1))
    with district.ledger.transaction() as connection:
        row = connection.execute(
            "SELECT a.login, l.base, l.files -> 0 ->> 'name' FROM rules_load l JOIN account a ON a.id = l.account"
        ).fetchall()
    assert row == [("admin1", 1, "settings.toml")]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ((), "no_draft"),
        ((RulesFile("", b"x"),), "bad_value"),
        ((RulesFile("x" * 121 + ".csv", b"x"),), "bad_value"),
        (tuple(RulesFile(f"{n}.csv", b"x") for n in range(11)), "bad_value"),
    ],
)
def test_what_is_no_draft_is_refused(district: District, files: tuple[RulesFile, ...], code: str) -> None:
    desk = Desk(district, "admin1")
    with pytest.raises(Refused, match=code):
        desk.ask(CheckRules(1, files))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("limits.csv", "类别,时限".encode("gbk"), "file_is_gbk"),
        ("limits.csv", b"", "file_empty"),
        ("limits.csv", b"a" * 900_000, "line_too_long"),
        ("settings.toml", b"[settings\nx = 1", "toml_wrong"),
        ("settings.toml", b"[" * 900_000, "toml_wrong"),
        ("settings.toml", b"[settings\n" + b"." * 900_000, "toml_wrong"),
        ("settings.toml", b"a" + b".a" * 10_000 + b" = 1", "toml_wrong"),
        ("settings.toml", b"[a" + b' . "a"' * 10_000 + b"]", "toml_wrong"),
        ("settings.toml", b"[settings]\nsample_percent = " + b"9" * 5_000, "toml_wrong"),
        ("rules.exe", b"MZ", "file_kind_unknown"),
        ("duties.csv", b"category,area,unit,duty\n,,X,lead\n", "unit_unknown"),
        ("limits.csv", b"category,area,stage,urgency,amount,unit\n99.99,,resolve,normal,4,work_hour\n", "category_unknown"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_hostile_files_are_told_what_is_wrong(district: District, name: str, content: bytes, code: str) -> None:
    desk = Desk(district, "admin1")
    checked = desk.ask(CheckRules(1, (RulesFile(name, content),)))
    assert code in {each.code for each in checked.wrong}
    assert held(district) == [1]


def test_a_real_desk_process_answers_and_refuses(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    admin, officer = raw_desk(), raw_desk()
    admin.sign_on("admin1", listen=False)
    officer.sign_on("duty1", listen=False)
    first = admin.ask(ReadRules(0), 30.0)
    assert isinstance(first, RulesAre), first
    loaded = admin.ask(LoadRules(0, sampled(first, "20"), TOMORROW, 1), 30.0)
    assert isinstance(loaded, RulesLoaded), loaded
    refused = officer.ask(LoadRules(0, sampled(first, "60"), TOMORROW, 2), 30.0)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_your_role"
    admin.send(CheckRules(0, (RulesFile("limits.csv", b"x" * 1_100_000),)))
    reply = admin.receive()
    assert isinstance(reply, Refusal)
    assert reply.code == "too_large"
    assert held(district) == [1, 2]
