"""Arguments that are one of a few: severity, level, grade, who outside, kinds, reason codes, stars, layers; plain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.incident import Severity, SupervisionGrade
from governance.places import Level

KINDS = (
    "incident", "sources", "workers", "unit", "grid", "category", "severity", "level", "grade", "target", "kind", "code",
    "until", "stars", "layer", "edits", "reason", "text",
)  # fmt: skip
"""Every kind of argument a verb may take."""
CLOSED = ("severity", "level", "grade", "target", "kind", "code", "stars", "layer")
"""The kinds that are one of a few."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed kind: the words it is said by, the first of each language being its name."""

    value: object
    words: tuple[str, ...]


def _choices(kind: Callable[[int], object], *lines: str) -> tuple[Choice, ...]:
    return tuple(Choice(kind(number), tuple(line.split())) for number, line in enumerate(lines, start=1))


SEVERITIES = (
    *_choices(Severity, "Ⅰ级 I 1 Ⅰ 一级 特别重大", "Ⅱ级 II 2 Ⅱ 二级 重大", "Ⅲ级 III 3 Ⅲ 三级 较大", "Ⅳ级 IV 4 Ⅳ 四级 一般"),
    Choice(Severity.NONE, ("未定级", "none", "0", "不定级")),
)
LEVELS = _choices(
    Level,
    "网格 grid wg l1 网格级", "社区 community sq l2 村 社区级", "街道 street jd l3 镇 街道级", "区 district q l4 县 区级",
)  # fmt: skip
GRADES = _choices(SupervisionGrade, "提示 notice", "黄牌 yellow", "红牌 red", "领导 leader 领导督办")
TARGETS = tuple(
    Choice(line.split()[0], tuple(line.split()[1:]))
    for line in (
        "110 110 police 公安", "119 119 fire 消防", "120 120 ambulance 急救", "122 122 traffic 交警",
        "gas 燃气 gas 燃气公司", "water 自来水 water 水务 水务公司", "power 供电 power 电力 供电公司",
    )
)  # fmt: skip
ASKED = tuple(
    Choice(line.split()[0], tuple(line.split()[1:]))
    for line in (
        "return 退回 return", "suspend_defer 缓办 defer suspend_defer", "suspend_list 挂账 park suspend_list",
        "extend 延期 extend", "close_special 特殊结案 special close_special", "void 作废 void",
    )
)  # fmt: skip
REPORTS = tuple(
    Choice(line.split()[0], tuple(line.split()[1:]))
    for line in ("first 首报 first", "written 书面 written 书面报告", "followup 续报 followup", "final 终报 final")
)
ECHOES = (Choice("read", ("已读", "read")), Choice("failed", ("未送达", "failed", "失败")))
KINDS_OF = {"request": ASKED, "emergency_report": REPORTS, "mark_feedback": ECHOES}
CODES_OF = {
    "decline": tuple(
        Choice(line.split()[0], tuple(line.split()[1:]))
        for line in ("far 太远 far 远", "busy 有事 busy 忙", "sick 身体不适 sick 生病", "no_tool 缺工具 notool")
    ),
    "reject": tuple(
        Choice(line.split()[0], tuple(line.split()[1:]))
        for line in (
            "not_ours 不属本平台 notours 不归我们", "untrue 不实 untrue 情况不实", "no_place 地点不明 noplace",
            "repeat 重复 repeat 重复上报", "other 其他 other",
        )
    ),
}  # fmt: skip
LAYERS = tuple(
    Choice(line.split()[0], tuple(line.split()[1:]))
    for line in (
        "incidents 事件 incidents", "workers 网格员 workers", "cameras 摄像头 cameras 摄像机",
        "sectors 摄像头视野 camera-views views 视野", "tracks 轨迹 tracks", "trails 行踪 trails",
        "labels 地名 names labels", "buildings 建筑 buildings", "roads 道路 roads",
        "boundaries 边界 boundaries borders", "grids 网格底色 grid-fill fill 底色", "water 水面 water",
        "land 绿地 green-land green land", "basemap 底图 basemap",
    )
)  # fmt: skip
"""The layers of the map, by the names their boxes have (desktop/map/layer_switches.py)."""
STARS = tuple(Choice(number, (f"{number}星", f"{number}*")) for number in range(1, 6))
FIELDS = {
    "title": "title", "标题": "title", "地点": "place_text", "place": "place_text", "place_text": "place_text",
    "楼层": "floor", "floor": "floor",
}  # fmt: skip
"""Names of the descriptive fields that may be edited."""
TEXTS = frozenset({"reason", "text", "title", "place_text", "floor"})
"""Named fields whose value is a text of several words."""
NAMES = FIELDS | {
    "原因": "reason", "理由": "reason", "reason": "reason", "why": "reason",
    "内容": "text", "情况": "text", "说明": "text", "要求": "text", "text": "text", "note": "text",
    "事件": "incident", "incident": "incident", "编号": "incident",
    "给": "workers", "派给": "workers", "人员": "workers", "worker": "workers", "who": "workers", "to": "to", "到": "to",
    "单位": "unit", "unit": "unit", "网格": "grid", "grid": "grid", "类别": "category", "category": "category",
    "级别": "severity", "等级": "severity", "severity": "severity", "层级": "level", "level": "level",
    "档次": "grade", "grade": "grade", "对象": "target", "target": "target", "事由": "code", "code": "code",
    "期限": "until", "until": "until", "for": "until", "满意度": "stars", "stars": "stars", "种类": "kind", "kind": "kind",
}  # fmt: skip
"""Named fields: alias -> kind of argument. `to` is whom or what the verb sends to: worker, master, service outside."""


def choices_of(kind: str, action: str) -> tuple[Choice, ...]:
    """The values of a closed kind of argument; empty for the open ones."""
    fixed = {"severity": SEVERITIES, "level": LEVELS, "grade": GRADES, "target": TARGETS, "stars": STARS}
    fixed["layer"] = LAYERS
    if kind == "kind":
        return KINDS_OF.get(action, ())
    return CODES_OF.get(action, ()) if kind == "code" else fixed.get(kind, ())


def chosen(kind: str, action: str, word: str) -> Choice | None:
    """The value a word names exactly; None where it names none."""
    low = word.lower()
    return next((choice for choice in choices_of(kind, action) if low in (each.lower() for each in choice.words)), None)
