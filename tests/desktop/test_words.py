"""Words: complete in Chinese and English, and everything the rules can say has words."""

from __future__ import annotations

import re
import string
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.phrases import ago, countdown, distance, refusal_sentence, step_line, time_left
from desktop.words import LANGUAGES, Words
from governance.commands import COMMANDS
from governance.incident import ActorKind, AssignmentState, Channel, Severity, State, Step, TimerKind, Urgency
from governance.people import Duty, Role
from governance.places import Level
from governance.refusal import Refused
from governance.transitions import TABLE
from tests.fakes.situations import NOW

ROOT = Path(__file__).resolve().parents[2]
BOTH = sorted(LANGUAGES)
# What a desk never gets to hear: refusals to phones, sensors, the clock process and the command lines of the server.
NOT_TO_A_DESK = re.compile(
    r"intake/|drill/|positions/|bulk|keys\.py|town/|rules_admin/(?!counter)|indicators/run|walls/(?:run|enrolling)"
    r"|cameras_admin/|boundaries_admin/"
)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(LANGUAGES["zh"]) == set(LANGUAGES["en"])


@pytest.mark.parametrize("language", BOTH)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in LANGUAGES[language].items() if not text.strip(" ") and key != "sep"] == []


def test_english_has_no_chinese_and_chinese_has_chinese() -> None:
    other = {"bar.language", "bar.language.tip", "bar.command", "action.language"}
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [key for key, text in LANGUAGES["en"].items() if han.search(text) and key not in other] == []


def test_a_text_of_either_language_takes_the_same_details() -> None:
    differ = {
        key: (zh, en)
        for key in LANGUAGES["zh"]
        if (zh := placeholders(LANGUAGES["zh"][key])) != (en := placeholders(LANGUAGES["en"][key]))
    }
    assert differ == {}


@pytest.mark.parametrize("language", BOTH)
def test_every_value_the_field_knows_has_words(language: str) -> None:
    words = Words(language)
    keys = [f"state.{value}" for value in State] + [f"task.{value}" for value in AssignmentState]
    keys += [f"urgency.{int(value)}" for value in Urgency] + [f"severity.{int(value)}" for value in Severity]
    keys += [f"level.{int(value)}" for value in Level] + [f"role.{value}" for value in Role]
    keys += [f"stage.{value}" for value in TimerKind] + [f"duty.{value}" for value in Duty]
    keys += [f"channel.{value}" for value in Channel] + [f"order.{word}" for word in COMMANDS]
    keys += [f"step.{row.id}" for row in TABLE]
    assert [key for key in keys if not words.has(key)] == []


def refusal_codes() -> set[str]:
    """Every code the rules and the desk's server can refuse with."""
    called = re.compile(r"Refused\(\s*\"([a-z_]+)\"")
    replied = re.compile(r"Refusal\(\s*[\w.]+,\s*\"([a-z_]+)\"")
    files = [*(ROOT / "governance").rglob("*.py"), *(ROOT / "server").rglob("*.py"), *(ROOT / "desktop").rglob("*.py")]
    heard = [path.read_text("utf-8") for path in files if not NOT_TO_A_DESK.search(path.as_posix())]
    return {code for text in heard for pattern in (called, replied) for code in pattern.findall(text)}


@pytest.mark.parametrize("language", BOTH)
def test_every_refusal_has_a_sentence(language: str) -> None:
    codes = refusal_codes()
    assert len(codes) > 40
    assert [code for code in sorted(codes) if not Words(language).has(f"refused.{code}")] == []


@pytest.mark.parametrize("language", BOTH)
def test_every_key_the_desk_names_has_words(language: str) -> None:
    named = re.compile(r"words\(\s*\"([a-z_.0-9]+)\"")
    keys = {
        key
        for path in (ROOT / "desktop").rglob("*.py")
        if "video_wall" not in path.parts
        for key in named.findall(path.read_text("utf-8"))
    }
    assert len(keys) > 80
    assert [key for key in sorted(keys) if not Words(language).has(key)] == []


def test_a_refusal_says_states_and_orders_in_words() -> None:
    refused = Refused("not_in_state", state="handling", action="dispatch")
    assert refusal_sentence(Words("zh"), refused) == "现在是处置中，不能派单。"
    assert refusal_sentence(Words("en"), refused) == "It is being handled now: cannot dispatch."
    off_rule = Refused("reason_needed", "reason", because="off_duty_matrix", name="李建国")
    assert "责任单位" in refusal_sentence(Words("zh"), off_rule)


def test_a_refusal_nobody_knows_still_says_its_code() -> None:
    assert "brand_new" in refusal_sentence(Words("zh"), Refused("brand_new"))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(3360, "剩56分"), (30, "剩1分"), (10_800, "剩3小时"), (345_600, "剩4天"), (-7200, "超时 2小时"), (-60, "超时 1分钟")],
)
def test_time_left_reads_at_a_glance(seconds: float, told: str) -> None:
    assert time_left(Words("zh"), seconds, overdue=seconds < 0) == told


@pytest.mark.parametrize(("seconds", "told"), [(6130, "1:42:10"), (3372, "56:12"), (7, "0:07"), (-65, "1:05")])
def test_a_countdown_shows_seconds(seconds: float, told: str) -> None:
    assert countdown(seconds) == told


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=4), "4分钟"),
        (timedelta(hours=3), "3小时"),
        (timedelta(days=6), "6天"),
    ],
)
def test_an_age_reads_at_a_glance(passed: timedelta, told: str) -> None:
    assert ago(Words("zh"), NOW - passed, NOW) == told


def test_a_way_is_rounded() -> None:
    assert distance(Words("zh"), 384.0) == "380 米"
    assert distance(Words("en"), 2440.0) == "2.4 km"


def test_a_step_says_what_who_whom_and_why() -> None:
    step = Step(
        3,
        "E12",
        "dispatch",
        State.FILED,
        State.DISPATCHED,
        ActorKind.USER,
        NOW,
        "王明",
        reason="最近",
        detail={"lead": "李建国"},
    )
    assert step_line(Words("zh"), step) == "派单 → 李建国 · 王明 · 最近"
    late = Step(4, "E17", "timer", State.FILED, State.FILED, ActorKind.TIMER, NOW, level_after=Level.DISTRICT)
    assert step_line(Words("zh"), late) == "派遣超时，转区级 · 系统计时"


@pytest.mark.parametrize(
    ("row", "action", "detail", "said"),
    [
        ("E58", "notify_out", {"target": "119", "person": "赵队", "receipt": "A7"}, "联动通报 · 119 消防 · 赵队 · A7 · 王明"),
        ("E54", "supervise", {"grade": "red"}, "督办 · 红牌 · 王明"),
        ("E50", "set_severity", {"severity": "ii", "severity_before": "none"}, "定级 · Ⅱ级 · 王明"),
        ("E28", "request", {"kind": "suspend_defer"}, "申请 · 缓办 · 王明"),
        ("E55", "reply_supervision", {"text": "明天"}, "答复督办 · 王明 · 明天"),
        ("E55", "close_supervision", {}, "督办了结 · 王明"),
        ("E51", "merged_into", {"number": "JG-1"}, "并入 · JG-1 · 王明"),
        ("E62", "emergency_report", {"kind": "followup"}, "应急报告 · 续报 · 王明"),
        ("E68", "urge", {"to": "lead", "lead": "李建国", "text": "快去"}, "催办 → 李建国 · 主办 · 王明 · 快去"),
        ("E68", "urge", {"to": "queue_3"}, "催办 · 街道队列 · 王明"),
        ("E69", "report_leader", {"leaders": "周正", "text": "三人已撤离"}, "报告带班领导 · 周正 · 王明 · 三人已撤离"),
        ("E06", "file", {"category": "09.01", "severity": "i"}, "受理 · 王明"),
    ],
)
def test_a_step_says_of_which_kind_it_was(row: str, action: str, detail: dict[str, str], said: str) -> None:
    step = Step(3, row, action, State.FILED, State.FILED, ActorKind.USER, NOW, "王明", detail=detail)
    assert step_line(Words("zh"), step) == said


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (Refused("not_in_state", "kind", state="filed", action="extend"), "现在是待派遣，不能延期。"),
        (Refused("not_in_state", state="reported", action="dispatch"), "现在是待受理：先受理（F），再派单。"),
        (Refused("not_in_state", state="filed", action="send_check"), "现在是待派遣：先派单（A），再发起核查。"),
        (Refused("not_in_state", state="reported", action="unmerge"), "现在是待受理，不能取消合并。"),
        (Refused("approval_pending", kind="void"), "“作废”的申请还没有批，请先等审批（Q）。"),
        (Refused("grade_must_rise", "grade", grade="2"), "已有黄牌督办，只能升档。"),
        (Refused("too_grave", "kind", severity="1"), "Ⅰ级事件不能作废。"),
        (Refused("field_changed", "title", value="漏气", who=""), "有人刚改成“漏气”：请对照后再改。"),
    ],
)
def test_a_refusal_says_kinds_and_grades_in_words(refused: Refused, said: str) -> None:
    assert refusal_sentence(Words("zh"), refused) == said


@pytest.mark.parametrize(
    ("language", "who", "said"),
    [
        ("zh", "许岚", "许岚 已先一步：14:32 派单，现在是待接单。"),
        ("zh", "", "系统计时 已先一步："),
        ("en", "许岚", "许岚 was faster: dispatch at 14:32, now sent."),
    ],
)
def test_who_was_faster_is_said_with_what_and_when(language: str, who: str, said: str) -> None:
    details = {"version": "3", "who": who, "action": "dispatch", "state": "dispatched", "at": "2026-11-22T06:32:00+00:00"}
    assert refusal_sentence(Words(language), Refused("stale_version", "version", **details)).startswith(said)
    assert "3" in refusal_sentence(Words(language), Refused("stale_version", "version", version="3"))
