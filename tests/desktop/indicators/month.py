"""A made-up month, as the server would tell of it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from governance.indicators import Boundaries, Direction, Figure, Indicator, Missing
from tests.fakes.situations import DISTRICT, STREETS
from wire.indicator_requests import Bar, IndicatorsAre

EXPORT = UUID(int=0x77)
DEFINITIONS = (
    Indicator("K01", "reported/1", "count", Direction.NONE, "0", None, "上报数", "Reported"),
    Indicator("K08", "handled_in_time/1", "percent", Direction.UP, "15", "95", "按期处置率", "Handled in time"),
    Indicator("K11", "closed_in_time/1", "percent", Direction.UP, "15", "95", "按期结案率", "Closed in time"),
    Indicator("K15a", "rework_rate/1", "percent", Direction.DOWN, "5", "2", "返工率", "Rework rate"),
    Indicator("K18a", "used_mean/1", "hours", Direction.DOWN, "0", None, "平均处置用时", "Handling time, mean"),
    Indicator("K25a", "satisfied/1", "percent", Direction.UP, "0", "90", "满意率", "Satisfied"),
    Indicator("K30", "patrol/1", "percent", Direction.UP, "0", "100", "8630 巡查达标率", "Patrol compliance (8630)"),
)
VALUES = {"K01": "1054", "K08": "96.30", "K11": "75.82", "K15a": "0.05", "K18a": "31.42"}
COUNTED = {"K08": ("938", "974"), "K11": ("737", "972"), "K15a": ("1", "1987"), "K18a": ("110173824.000", "974")}


def figure(subject: str, code: str, value: str | None = None) -> Figure:
    """A figure of the month."""
    if code in ("K25a", "K30"):
        return Figure(subject, code, missing=Missing.FEW if code == "K25a" else Missing.NOTHING)
    num, den = COUNTED.get(code, (VALUES[code], None))
    return Figure(subject, code, num, den, None, value or VALUES[code])


def month(text: str = "2026-10", by: str = "area", state: str = "open", export: UUID | None = None) -> IndicatorsAre:
    """The month, with both streets, 31 days and every category."""
    places = {DISTRICT: None, **dict.fromkeys(STREETS)}
    figures = tuple(figure(subject, each.code) for subject in places for each in DEFINITIONS)
    trend = tuple(Bar(f"{text}-{day:02d}", (30 + day % 7, 26 + day % 5, 20 + day % 9)) for day in range(1, 32))
    categories = tuple(Bar(f"{n:02d}", (12 * n, n)) for n in range(1, 11))
    ageing = tuple(Bar(key, (n,)) for key, n in (("1", 12), ("3", 8), ("7", 3), ("30", 1), ("more", 0)))
    names = {DISTRICT: "江干区", **STREETS}
    later = (figure(DISTRICT, "K11", "76.03"),) if state != "open" else ()
    at = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
    head = (0, text, DISTRICT, Boundaries.FILING, by, state, at)
    return IndicatorsAre(*head, DEFINITIONS, figures, names, trend, categories, ageing, later, export)


def nothing(text: str = "2026-10") -> IndicatorsAre:
    """A month in which nothing happened."""
    head = (0, text, DISTRICT, Boundaries.FILING, "area", "open", datetime(2026, 11, 5, 1, 0, tzinfo=UTC))
    figures = tuple(Figure(DISTRICT, each.code, missing=Missing.NOTHING) for each in DEFINITIONS)
    return IndicatorsAre(*head, DEFINITIONS, figures, {DISTRICT: "江干区"})
