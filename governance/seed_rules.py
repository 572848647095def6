"""Reads the seed of the rules, a TOML text, into categories and limits; strict: every mistake is named, none is guessed."""

from __future__ import annotations

import tomllib
from enum import Enum
from typing import Any, TypeVar

from governance.categories import Category, CheckMode, Contact, Limit, ResponseCard, Stage, TimeUnit
from governance.incident import Magnitude, Nature, Urgency
from governance.places import Level

ROOTS = {
    "01": "党群工作",
    "02": "经济发展",
    "03": "城市管理",
    "04": "社会事务",
    "05": "卫生计生",
    "06": "综合服务",
    "07": "综合治理",
    "08": "矛盾纠纷",
    "09": "公共安全",
    "10": "市场监管",
}
"""Fixed by the field (domain model A.3)."""

PLATFORMS = frozenset({"综治", "监管", "执法", "便民"})
NEEDED_EVERYWHERE = frozenset(Stage) - {Stage.VERIFY}
"""Stages that need a limit for every urgency and every category."""

REASONED = ("reject", "decline")
"""Actions whose reason is chosen from a list."""

_ROOT_FIELDS = frozenset({"code", "name_zh", "name_en", "nature", "icon", "platform", "leaf"})
_LEAF_FIELDS = frozenset(
    {
        "code",
        "name_zh",
        "name_en",
        "nature",
        "icon",
        "platform",
        "magnitude",
        "first_level",
        "check_mode",
        "skills",
        "evidence",
        "sensitive",
        "merge_radius_m",
        "merge_window_h",
        "verify",
        "outside",
        "tell",
        "auto_dispatch",
        "merge_group",
        "filing_condition",
        "filing_condition_en",
        "closing_condition",
        "closing_condition_en",
        "card",
    }
)
_LIMIT_FIELDS = frozenset({"category", "area", "stage", "urgency", "amount", "unit"})

_CARD_LINES = ("questions_zh", "questions_en", "safety_zh", "safety_en")

E = TypeVar("E", bound=Enum)


def rules_from_toml(text: str) -> tuple[dict[str, Category], tuple[Limit, ...]]:
    """Categories by code and limits; ValueError saying what is wrong where."""
    raw = _parsed(text)
    _only(raw, frozenset({"root", "limit", "reasons"}), "the file")
    categories: dict[str, Category] = {}
    for root in raw.get("root", []):
        _add(categories, _root(root))
        for leaf in root.get("leaf", []):
            _add(categories, _leaf(leaf, categories[root["code"]]))
    if set(ROOTS) != {code for code in categories if not categories[code].parent}:
        raise ValueError(f"the roots must be {', '.join(ROOTS)}")
    limits = tuple(_limit(row, categories) for row in raw.get("limit", []))
    _check_limits(limits)
    return categories, limits


def reasons_from_toml(text: str) -> dict[str, frozenset[str]]:
    """The codes a reason is chosen from, by action; ValueError where an action has none, or a word is no code."""
    reasons = _parsed(text).get("reasons", {})
    _only(reasons, frozenset(REASONED), "reasons")
    for action in REASONED:
        codes = reasons.get(action, [])
        if not codes or not all(isinstance(code, str) and code.isidentifier() for code in codes):
            raise ValueError(f"reasons for {action} cannot be {codes!r}")
    return {action: frozenset(codes) for action, codes in reasons.items()}


def _parsed(text: str) -> dict[str, Any]:
    """The seed as TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"not TOML: {problem}") from problem


def _root(row: dict[str, Any]) -> Category:
    """One root."""
    code = str(row.get("code", ""))
    _only(row, _ROOT_FIELDS, f"root {code}")
    if ROOTS.get(code) != row.get("name_zh"):
        raise ValueError(f"root {code} must be called {ROOTS.get(code, 'nothing: no such root')}")
    if not row.get("leaf"):
        raise ValueError(f"root {code} has no leaf")
    return _category(row, "", _member(Nature, row, "nature", code), str(row.get("platform", "")))


def _leaf(row: dict[str, Any], root: Category) -> Category:
    """One leaf; nature and platform are its root's unless it says otherwise."""
    code = str(row.get("code", ""))
    _only(row, _LEAF_FIELDS, f"leaf {code}")
    if not (len(code) == 5 and code[2] == "." and code[:2] == root.code and code[3:].isdigit()):
        raise ValueError(f"leaf {code!r} does not belong under {root.code}")
    nature = _member(Nature, row, "nature", code) if "nature" in row else root.nature
    return _category(row, root.code, nature, str(row.get("platform", root.platform)))


def _category(row: dict[str, Any], parent: str, nature: Nature, platform: str) -> Category:
    """A category from its row."""
    code = row["code"]
    for name in ("name_zh", "name_en", "icon"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"{code} has no {name}")
    if platform not in PLATFORMS:
        raise ValueError(f"{code}: no platform {platform!r}")
    radius_m, window_h = _number(row, "merge_radius_m", 30.0), _number(row, "merge_window_h", 24.0)
    return Category(
        code,
        row["name_zh"],
        row["name_en"],
        parent,
        nature,
        row["icon"],
        platform,
        _member(Magnitude, row, "magnitude", code, Magnitude.MINOR),
        _named_level(row, code),
        _member(CheckMode, row, "check_mode", code, CheckMode.PHOTO),
        _listed(row, "skills"),
        bool(row.get("evidence", True)),
        bool(row.get("sensitive", False)),
        radius_m,
        window_h,
        bool(row.get("verify", False)),
        _listed(row, "outside"),
        _listed(row, "tell"),
        bool(row.get("auto_dispatch", False)),
        str(row.get("merge_group", "")),
        str(row.get("filing_condition", "")),
        str(row.get("filing_condition_en", "")),
        str(row.get("closing_condition", "")),
        str(row.get("closing_condition_en", "")),
        _card(row["card"], code) if "card" in row else None,
    )


def _card(row: dict[str, Any], code: str) -> ResponseCard:
    """The card of a category; as many lines in the one language as in the other."""
    _only(row, frozenset(_CARD_LINES) | {"contacts"}, f"card of {code}")
    lines = [tuple(str(line) for line in row.get(name, [])) for name in _CARD_LINES]
    if len(lines[0]) != len(lines[1]) or len(lines[2]) != len(lines[3]):
        raise ValueError(f"card of {code}: not as many lines in both languages")
    contacts = tuple(Contact(c["name_zh"], c["name_en"], str(c.get("number", ""))) for c in row.get("contacts", []))
    return ResponseCard(lines[0], lines[1], lines[2], lines[3], contacts)


def _listed(row: dict[str, Any], name: str) -> tuple[str, ...]:
    """The words of a list."""
    return tuple(str(word) for word in row.get(name, []))


def _limit(row: dict[str, Any], categories: dict[str, Category]) -> Limit:
    """One limit."""
    where = f"limit {row.get('category', '')} {row.get('stage', '')} {row.get('urgency', '')}"
    _only(row, _LIMIT_FIELDS, where)
    category, area = str(row.get("category", "")), str(row.get("area", ""))
    if category and category not in categories:
        raise ValueError(f"{where}: no such category")
    if area and not area.isdigit():
        raise ValueError(f"{where}: {area!r} is no area code")
    urgency = {u.name.lower(): u for u in Urgency}.get(str(row.get("urgency", "")))
    if urgency is None:
        raise ValueError(f"{where}: no such urgency")
    amount = _number(row, "amount", 0.0)
    if amount <= 0:
        raise ValueError(f"{where}: amount must be more than 0")
    stage, unit = _member(Stage, row, "stage", where), _member(TimeUnit, row, "unit", where)
    return Limit(category, area, urgency, stage, amount, unit)


def _check_limits(limits: tuple[Limit, ...]) -> None:
    """No limit twice; every stage has one for everything."""
    keys = [(limit.category, limit.area, limit.urgency, limit.stage) for limit in limits]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"two limits for {key}")
    for stage in sorted(NEEDED_EVERYWHERE):
        for urgency in Urgency:
            if ("", "", urgency, stage) not in keys:
                raise ValueError(f"no limit for stage {stage} and urgency {urgency.name.lower()}")


def _add(categories: dict[str, Category], category: Category) -> None:
    """Keep a category whose code is new."""
    if category.code in categories:
        raise ValueError(f"category {category.code} stands twice")
    categories[category.code] = category


def _only(row: dict[str, Any], allowed: frozenset[str], where: str) -> None:
    """Refuse words nobody knows."""
    unknown = sorted(set(row) - allowed)
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(unknown)}")


def _member(kind: type[E], row: dict[str, Any], name: str, where: str, default: E | None = None) -> E:
    """The enum's member a row names."""
    if name not in row and default is not None:
        return default
    try:
        return kind(row.get(name))
    except ValueError:
        raise ValueError(f"{where}: {name} cannot be {row.get(name)!r}") from None


def _named_level(row: dict[str, Any], code: str) -> Level:
    """The level a row names."""
    name = str(row.get("first_level", "community"))
    found = {level.name.lower(): level for level in Level}.get(name)
    if found is None:
        raise ValueError(f"{code}: no level {name!r}")
    return found


def _number(row: dict[str, Any], name: str, default: float) -> float:
    """A number of a row that is not negative."""
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} cannot be {value!r}")
    return float(value)
