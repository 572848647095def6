"""Reads the seed of the rules, a TOML text, into categories and limits; strict: every mistake is named, none is guessed."""

from __future__ import annotations

import tomllib
from typing import Any

from governance.categories import Category, Limit
from governance.category_text import ROOTS, read_categories
from governance.mistakes import Mistake, Row
from governance.rules_text import REASONED, incomplete, read_limits, read_reasons

__all__ = ["REASONED", "ROOTS", "reasons_from_toml", "rules_from_toml"]


def rules_from_toml(text: str) -> tuple[dict[str, Category], tuple[Limit, ...]]:
    """Categories by code and limits; ValueError naming every mistake and where it is."""
    mistakes: list[Mistake] = []
    top = Row(_parsed(text), (), mistakes)
    top.only(("root", "limit", "reasons"))
    categories = read_categories(top.rows("root"))
    limits = read_limits(top.rows("limit"), frozenset(categories))
    _refuse(mistakes + incomplete(limits) + ([] if categories else [Mistake((), "roots_missing", {})]))
    return categories, limits


def reasons_from_toml(text: str) -> dict[str, frozenset[str]]:
    """The codes a reason is chosen from, by action; ValueError where an action has none, or a word is no code."""
    mistakes: list[Mistake] = []
    reasons = Row(_parsed(text), (), mistakes).row("reasons")
    found = read_reasons(reasons or Row({}, ("reasons",), mistakes))
    _refuse(mistakes)
    return found


def _parsed(text: str) -> dict[str, Any]:
    """The seed as TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"not TOML: {problem}") from problem


def _refuse(mistakes: list[Mistake]) -> None:
    """ValueError where there are any."""
    if mistakes:
        raise ValueError("; ".join(f"{'.'.join(map(str, m.path))}: {m.code} {m.params}" for m in mistakes))
