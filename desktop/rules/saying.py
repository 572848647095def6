"""What is said of rules, in the officer's language: cells, what is wrong, what differs; plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.rules.tables import Column, Path
from desktop.words import Words
from wire.rules_requests import Different, Wrong

FILE_PARTS = {"limits.csv": "limits", "duties.csv": "duties", "calendar.csv": "calendar", "categories.toml": "root"}
FILE_PARTS |= {"settings.toml": "settings"}
"""File of a draft -> the tab what is wrong in it belongs to."""


@dataclass
class Names:
    """What codes are called: units, areas and categories."""

    units: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)

    def learn(self, roots: Any, language: str) -> None:
        """The names of the categories, as a list of roots says."""
        self.categories = {}
        for root in roots:
            for each in (root, *root.get("leaf", ())):
                self.categories[str(each.get("code", ""))] = str(each.get(f"name_{language}", ""))


def cell_text(words: Words, names: Names, column: Column, text: str) -> str:
    """What stands in a cell, as an officer reads it: a code with its name, a word in his language."""
    if column.said and text:
        return _word(words, column.said, text)
    if column.key == "category":
        return f"{text} {names.categories.get(text, '')}".strip() if text else words("rules.any")
    if column.key == "area":
        return f"{names.areas.get(text, '')} {text}".strip() if text else words("rules.everywhere")
    if column.key == "unit" and not column.choices:
        return f"{names.units.get(text, '')} {text}".strip()
    return text


def row_name(words: Words, path: Path) -> str:
    """What a setting is called: 督办答复（小时）· 黄牌."""
    return " · ".join(column_name(words, str(step)) for step in path[1:])


def column_name(words: Words, key: str) -> str:
    """What a column or setting is called; its code where it has no words."""
    return words(f"rules.column.{key}") if words.has(f"rules.column.{key}") else key


def mistake_text(words: Words, wrong: Wrong) -> str:
    """What is wrong, in a sentence without its place."""
    key = f"rules.wrong.{wrong.code}"
    params = dict(wrong.params)
    for name in ("field", "part", "column"):
        if name in params:
            params[name] = column_name(words, params[name])
    for name, prefix in (("stage", "rules.stage"), ("urgency", "rules.urgency")):
        if name in params:
            params[name] = _word(words, prefix, params[name])
    if wrong.first:
        params["first"] = str(max(wrong.first - 1, 1))  # lines of a file count its header
    return words(key, **params) if words.has(key) else wrong.code


def difference_text(words: Words, names: Names, line: Different) -> str:
    """One difference in a line."""
    kind, params = line.code.split("_")[0], dict(line.params)
    if kind in ("limit", "duty", "day"):
        params["key"] = _key_text(words, names, kind, params.get("key", ""))
        for side in ("old", "new"):
            params[side] = _value_text(words, names, kind, params.get(side, ""))
    elif kind == "setting":
        params["key"] = column_name(words, params.get("key", ""))
    elif "field" in params:
        params["code"] = f"{params.get('code', '')} {names.categories.get(params.get('code', ''), '')}".strip()
        params["field"] = column_name(words, params["field"])
    return words(f"rules.differs.{line.code}", **params)


def _key_text(words: Words, names: Names, kind: str, key: str) -> str:
    """What a limit, duty or day is known by."""
    if kind == "day":
        return key
    category, area, *rest = key.split(" ")
    said = [cell_text(words, names, Column("category"), category.strip("*"))]
    said.append(cell_text(words, names, Column("area"), area.strip("*")))
    if kind == "limit" and len(rest) == 2:
        said += [_word(words, "rules.stage", rest[0]), _word(words, "rules.urgency", rest[1])]
    elif rest:
        said += [_word(words, "rules.duty", rest[0]), *(names.units.get(unit, unit) for unit in rest[1:])]
    return " · ".join(said)


def _value_text(words: Words, names: Names, kind: str, value: str) -> str:
    """What it is: 4 工作时, a unit with its order, a kind of day with its hours."""
    first, _, rest = value.partition(" ")
    if kind == "limit" and rest:
        return f"{first} {_word(words, 'rules.time_unit', rest)}"
    if kind == "day":
        return " ".join(filter(None, (_word(words, "rules.day", first), rest)))
    return f"{names.units.get(first, first)} {rest}".strip()


def _word(words: Words, prefix: str, code: str) -> str:
    key = f"{prefix}.{code}"
    return words(key) if words.has(key) else code
