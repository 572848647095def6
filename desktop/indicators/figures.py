"""The rows of the table of indicators: what is read of each figure, and whether it meets its target; plain, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from desktop.words import Words
from governance.indicators import Direction, Figure, Indicator, Missing
from wire.indicator_requests import IndicatorsAre

NOTHING = "–"


class Standing(StrEnum):
    """How a figure stands to its target; each has a shape and a word of its own."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    """No target, or no value."""


SHAPES = {Standing.MET: "●", Standing.MISSED: "▲", Standing.OPEN: ""}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One indicator of the area that is shown."""

    code: str
    name: str
    value: str
    """With its unit; – where there is none."""
    counted: str
    """Numerator and denominator."""
    target: str
    standing: Standing
    tip: str
    """Why there is no value; what a frozen figure would be now."""


def rows_of(reply: IndicatorsAre, words: Words) -> tuple[FigureRow, ...]:
    """The rows of the area asked for, in the order of the codes."""
    known = {each.code: each for each in reply.definitions}
    later = {each.code: each for each in reply.later}
    return tuple(
        _row(known[each.code], each, later.get(each.code), words) for each in reply.figures if each.subject == reply.area
    )


def _row(what: Indicator, figure: Figure, later: Figure | None, words: Words) -> FigureRow:
    """One of them."""
    name = name_of(what, words)
    value = NOTHING if figure.value is None else words(f"indicators.unit.{what.unit}", value=figure.value)
    tips = [f"{what.code} {name}"]
    if figure.missing is not None:
        tips.append(words(f"indicators.missing.{figure.missing.value}"))
    if figure.raw is not None and figure.raw != figure.den:
        tips.append(words("indicators.raw", raw=figure.raw))
    if later is not None:
        tips.append(words("indicators.later.one", value=later.value or NOTHING))
    counted = f"{_short(figure.num)} / {_short(figure.den)}" if figure.den is not None and what.unit in COUNTED else ""
    return FigureRow(what.code, name, value, counted, _target(what, words), standing_of(what, figure), "\n".join(tips))


COUNTED = frozenset({"percent", "per_100"})
"""Units whose numerator and denominator are things one can count."""


def name_of(what: Indicator, words: Words) -> str:
    """The name in the officer's language."""
    return what.name_zh if words.language == "zh" else what.name_en


def standing_of(what: Indicator, figure: Figure) -> Standing:
    """Whether the figure meets its target."""
    if figure.value is None or what.target is None or what.direction is Direction.NONE:
        return Standing.OPEN
    value, target = Decimal(figure.value), Decimal(what.target)
    is_met = value >= target if what.direction is Direction.UP else value <= target
    return Standing.MET if is_met else Standing.MISSED


def _target(what: Indicator, words: Words) -> str:
    """≥ 95 where more is better, ≤ 5 where less is; an arrow alone where nothing is aimed at."""
    if what.direction is Direction.NONE:
        return ""
    is_up = what.direction is Direction.UP
    if what.target is None:
        return words("indicators.higher" if is_up else "indicators.lower")
    return f"{'≥' if is_up else '≤'} {what.target}"


def _short(number: str | None) -> str:
    """A count without what lies behind the point."""
    return NOTHING if number is None else number.partition(".")[0]


def bars_of(reply: IndicatorsAre, code: str) -> tuple[tuple[str, float | None], ...]:
    """Name and value of one indicator for every subject but the area itself; None where there is none.

    Of workers, who are more than are drawn, the lowest come first and who has no value last.
    """
    bars = tuple(
        (reply.names.get(each.subject, each.subject), None if each.value is None else float(each.value))
        for each in reply.figures
        if each.code == code and each.subject != reply.area
    )
    return tuple(sorted(bars, key=lambda bar: (bar[1] is None, bar[1] or 0.0))) if reply.by == "worker" else bars


def is_empty(figures: Sequence[Figure]) -> bool:
    """Whether nothing at all happened."""
    return all(each.missing is Missing.NOTHING or each.value == "0" for each in figures)
