"""Writes rules out as the files they can be loaded from: TOML for categories and settings, CSV for what is a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import tomli_w

from governance.categories import Category, ResponseCard
from governance.incident import SupervisionGrade
from governance.rules import Calendar, Rules
from governance.rules_text import DAY_FIELDS, DUTY_FIELDS, LIMIT_FIELDS
from server.rules_admin.sources import REMARK

FILES = ("categories.toml", "settings.toml", "limits.csv", "duties.csv", "calendar.csv")
_PLAIN = ("sample_percent", "widen_step", "widen_most", "reopen_days", "reconsider_days", "unmerge_hours", "undo_merge_minutes")


def written(rules: Rules, units: Mapping[UUID, tuple[str, str]], areas: Mapping[str, str]) -> dict[str, bytes]:
    """The files by name. `units`: code and name by id; `areas`: names by code; both for the remarks, and units for codes."""
    names = {code: category.name_zh for code, category in rules.categories.items()} | {"": ""}
    limits = (
        (r.category, r.area, r.stage.value, r.urgency.name.lower(), f"{r.amount:g}", r.unit.value, names.get(r.category, ""))
        for r in rules.limits
    )
    unknown = ("", "")
    duties = (
        (*(row.category, row.area, units.get(row.unit, unknown)[0], row.duty, str(row.priority)),
         f"{names.get(row.category, '')} {areas.get(row.area, '')} {units.get(row.unit, unknown)[1]}".strip())
        for row in rules.duty_matrix
    )  # fmt: skip
    return {
        "categories.toml": _toml({"root": [_root(rules, c) for c in rules.categories.values() if not c.is_leaf]}),
        "settings.toml": _toml({"settings": _settings(rules), "reasons": _reasons(rules)}),
        "limits.csv": _csv(LIMIT_FIELDS, limits),
        "duties.csv": _csv(DUTY_FIELDS, duties),
        "calendar.csv": _csv(DAY_FIELDS, _days(rules.calendar)),
    }


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files stand in the folder, which is made; each whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        fresh = folder / f"{name}.new"
        fresh.write_bytes(content)
        fresh.replace(folder / name)


def _root(rules: Rules, root: Category) -> dict[str, Any]:
    """A root with its leaves."""
    kept = ("code", "name_zh", "name_en", "nature", "icon", "platform")
    leaves = [_leaf(c) for c in rules.categories.values() if c.parent == root.code]
    return {name: msgspec.to_builtins(getattr(root, name)) for name in kept} | {"leaf": leaves}


def _leaf(category: Category) -> dict[str, Any]:
    """A leaf without what is as it would be anyway."""
    usual = Category(category.code, "", "", category.parent, category.nature, "")
    said = {item.name: getattr(category, item.name) for item in fields(Category) if item.name != "parent"}
    row = {
        name: value
        for name, value in said.items()
        if name in ("code", "name_zh", "name_en", "nature", "icon", "platform") or value != getattr(usual, name)
    }
    if "first_level" in row:
        row["first_level"] = category.first_level.name.lower()
    card: ResponseCard | None = row.pop("card", None)
    plain: dict[str, Any] = msgspec.to_builtins(row)
    return plain if card is None else plain | {"card": msgspec.to_builtins(card)}


def _settings(rules: Rules) -> dict[str, Any]:
    """Everything that is one number or one list."""
    grades = {grade.name.lower(): rules.supervision_hours[grade] for grade in SupervisionGrade}
    return {
        "ladder": [level.name.lower() for level in rules.ladder],
        "hours": [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in rules.calendar.hours],
        **{name: getattr(rules, name) for name in _PLAIN},
        "plan_areas": list(rules.plan_areas),
        "supervision_hours": grades,
        "suspend_days": dict(rules.suspend_days),
        "candidate_weights": dict(rules.candidate_weights),
    }


def _reasons(rules: Rules) -> dict[str, list[str]]:
    return {action: sorted(codes) for action, codes in rules.reason_codes.items()}


def _days(calendar: Calendar) -> Iterable[Sequence[str]]:
    """The days that differ, each with its own hours where it has them."""
    own = dict(calendar.day_hours)
    for day in sorted(calendar.rest_days | calendar.makeup_days | own.keys()):
        kind = "rest" if day in calendar.rest_days else "makeup_work" if day in calendar.makeup_days else "work"
        halves = [f"{moment:%H:%M}" for span in own.get(day, ())[:2] for moment in span]
        weekday = "一二三四五六日"[day.weekday()]
        yield (day.isoformat(), kind, *halves, *[""] * (4 - len(halves)), f"星期{weekday}")


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table with a mark at its start, so that a spreadsheet takes it for UTF-8; a remark is never taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*columns, REMARK))
    for row in rows:
        *values, remark = row
        writer.writerow((*values, f"'{remark}" if remark[:1] in ("=", "+", "-", "@") else remark))
    return text.getvalue().encode("utf-8-sig")


def _toml(content: dict[str, Any]) -> bytes:
    return tomli_w.dumps(content, multiline_strings=False).encode("utf-8")
