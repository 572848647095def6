"""The grammar of the command line: a verb, whom, which incident; Chinese, pinyin initials or English; plain."""

from __future__ import annotations

from dataclasses import dataclass

# Action name (every one of the key table) -> its words: Chinese, pinyin initials (domain model B.8), English.
VERBS: dict[str, tuple[str, ...]] = {
    "new": ("上报", "新建", "sb", "report", "new"),
    "file": ("受理", "立案", "不予受理", "sl", "la", "bysl", "file", "reject"),
    "assign": ("派单", "派遣", "派", "改派", "pd", "pq", "gp", "dispatch", "assign", "reassign"),
    "raise": ("提级", "tj", "raise"),
    "recall": ("撤回", "ch", "recall"),
    "check": (
        "核查",
        "办结",
        "结案",
        "返工",
        "回访",
        "归档",
        "反馈",
        "hc",
        "bj",
        "ja",
        "fg",
        "hf",
        "fk",
        "gd",
        "rework",
        "feedback",
        "close",
        "check",
    ),
    "pictures": ("视频", "sp", "video"),
    "open": ("打开", "看", "dk", "open"),
    "find": ("查找", "找", "cz", "find"),
    "home": ("全区", "全图", "qq", "home"),
    "keys": ("按键", "帮助", "aj", "keys", "help"),
    "language": ("语言", "yy", "language"),
    "theme": ("配色", "ps", "theme"),
    "sign_off": ("签退", "qt", "signoff"),
    "photos": ("照片", "zp", "photos"),
    "send": ("发送", "fs", "send"),
    "next_draft": ("草稿", "cg", "drafts"),
    "next": ("下一件", "xyj", "next"),
    "previous": ("上一件", "syj", "previous"),
    "arrivals": ("收进", "sj", "arrivals"),
    "queue_next": ("下一队列", "xdl", "nextqueue"),
    "queue_previous": ("上一队列", "sdl", "previousqueue"),
    "command": ("命令", "ml", "command"),
    "buildings": ("建筑", "jz", "buildings"),
    "metric": ("底色", "ds", "metric"),
    "height": ("高度", "gaodu", "height"),
    "turn_left": ("左转", "zz", "turnleft"),
    "turn_right": ("右转", "yz", "turnright"),
    "tilt_down": ("放平", "fp", "tiltdown"),
    "tilt_up": ("抬起", "tq", "tiltup"),
    "zoom_in": ("放大", "fd", "zoomin"),
    "zoom_out": ("缩小", "sx", "zoomout"),
    "pan_up": ("上移", "sy", "panup"),
    "pan_down": ("下移", "xy", "pandown"),
    "pan_left": ("左移", "zy", "panleft"),
    "pan_right": ("右移", "yyi", "panright"),
    "layers": ("图层", "tc", "layers"),
    "legend": ("图例", "tl", "legend"),
    "minimap": ("鹰眼", "yyan", "overview"),
    "follow": ("跟随", "gs", "follow"),
    "back": ("返回", "fh", "back"),
    "float_board": ("分屏事件板", "fpsjb", "floatboard"),
    "float_card": ("分屏详情", "fpxq", "floatcard"),
    "panel_board": ("事件板", "sjb", "board"),
    "panel_map": ("地图", "dt", "map"),
    "panel_card": ("详情", "xq", "card"),
    "panel_pictures": ("画面", "hm", "tiles"),
}


IN_FULL = frozenset({"send", "sign_off"})
"""Actions that end something: no part of their verb will do."""
SAYS_MORE = dict.fromkeys(("不予受理", "bysl", "reject"), "reject") | dict.fromkeys(("返工", "fg", "rework"), "rework")
"""Verbs that choose within the form they open."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line means: an action, the digits an incident's number ends with, and what else was said."""

    action: str
    number: str = ""
    rest: tuple[str, ...] = ()
    verb: str = ""
    """The verb itself where it says more than the action: reject or rework."""


def meant(line: str) -> Said | None:
    """What a line means; None where its verb is none. The shortest unique prefix of a verb will do."""
    words = line.replace("，", " ").split()
    if not words:
        return None
    action = _action(words[0].lower())
    glued = "" if action else next((verb for verb in _chinese() if words[0].startswith(verb)), "")
    if glued:
        action = _action(glued)
        words = [glued, words[0][len(glued) :], *words[1:]]
    if not action:
        return None
    rest = words[1:]
    number = rest.pop() if rest and _is_number(rest[-1], alone=len(rest) == 1, action=action) else ""
    return Said(action, number.split("-")[-1], tuple(rest), SAYS_MORE.get(words[0].lower(), ""))


def completions(typed: str) -> list[str]:
    """Every verb that begins with what was typed, for Tab."""
    low = typed.lower()
    return [verb for verbs in VERBS.values() for verb in verbs if verb.startswith(low)] if low else []


def _action(verb: str) -> str:
    for action, verbs in VERBS.items():
        if verb in verbs:
            return action
    found = {action for action, verbs in VERBS.items() if any(known.startswith(verb) for known in verbs)} - IN_FULL
    return found.pop() if len(found) == 1 else ""


def _chinese() -> list[str]:
    verbs = [verb for known in VERBS.values() for verb in known if not verb.isascii()]
    return sorted(verbs, key=len, reverse=True)


def _is_number(word: str, alone: bool, action: str) -> bool:
    digits = word.split("-")[-1]
    if not digits.isdigit():
        return False
    return not (action == "assign" and alone and len(digits) == 1)
