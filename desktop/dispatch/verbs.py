"""The grammar of the command line: a verb, whom, which incident; Chinese, pinyin initials or English; plain."""

from __future__ import annotations

from dataclasses import dataclass

# Action name -> its words: Chinese, pinyin initials (domain model B.8), English.
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
}


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
    found = {action for action, verbs in VERBS.items() if any(known.startswith(verb) for known in verbs)}
    return found.pop() if len(found) == 1 else ""


def _chinese() -> list[str]:
    verbs = [verb for known in VERBS.values() for verb in known if not verb.isascii()]
    return sorted(verbs, key=len, reverse=True)


def _is_number(word: str, alone: bool, action: str) -> bool:
    digits = word.split("-")[-1]
    if not digits.isdigit():
        return False
    return not (action == "assign" and alone and len(digits) == 1)
