"""The families of formulas, one after the other: the whole statement that a month is computed with."""

from __future__ import annotations

from collections.abc import Sequence

from governance.indicators import Boundaries
from server.indicators import camera_formulas as k
from server.indicators import handling_formulas as h
from server.indicators import intake_formulas as i
from server.indicators import patrol_formulas as p
from server.indicators.charts import CHARTS
from server.indicators.formula import Counting, count, family
from server.indicators.population import population, subjects

OF_A_WORKER = frozenset(row[0] for row in (*i.WORKER_ROWS, *p.ROWS))
"""Formulas that say something of one worker too."""
OF_A_CYCLE = "incident::text || '/' || cycle"
OF_AN_ORDER = f"{OF_A_CYCLE} || '/' || ord"


def of_workers(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """The formulas of OF_A_WORKER, with workers as their subjects."""
    c = Counting("ARRAY[worker::text]")
    once = ",".join((population(boundaries, digits), i.REPORTED, p.walked(boundaries, digits)))
    reported = "SELECT *, reporter_worker AS worker FROM reported WHERE reporter_worker IS NOT NULL"
    parts = (
        family(reported, "id::text", i.WORKER_ROWS, c, adds_up=False),
        family(p.SOURCE, "worker", p.ROWS, c, adds_up=False),
    )
    return once + " " + " UNION ALL ".join(parts)


def of_charts(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """The charts alone."""
    return population(boundaries, digits) + CHARTS


def statement(boundaries: Boundaries, digits: Sequence[int], with_ids: bool = False, with_charts: bool = False) -> str:
    """Rows of subject, formula, num, den, raw, value, persons, ids_hash; parameters as server.indicators.population has them.

    What several families read is read once, also for the charts of the same month.
    """
    c = Counting(subjects(digits), with_ids)
    once = ",".join((population(boundaries, digits), h.COUNTED, h.ORDERS, i.REPORTED, i.ECHO))
    once += "," + p.walked(boundaries, digits) + "," + k.watchable(boundaries, digits)
    parts = (
        family(h.CYCLE_SOURCE, OF_A_CYCLE, h.CYCLE_ROWS, c),
        family(h.DONE_SOURCE, OF_A_CYCLE, h.DONE_ROWS, c, adds_up=False),
        family(h.ORDER_SOURCE, OF_AN_ORDER, h.ORDER_ROWS, c),
        family(h.ORDER_SOURCE, OF_AN_ORDER, h.ANSWER_ROWS, c, adds_up=False),
        family(i.REPORT_SOURCE, "id::text", i.REPORT_ROWS, c),
        family(i.WORKER_SOURCE, "id::text", i.WORKER_ROWS, c, person="reporter_worker"),
        i.shares_of_discovery(c),
        family(i.DECISION_SOURCE, "incident::text || '/' || seq", i.DECISION_ROWS, c),
        family(i.VERIFY_SOURCE, "id::text", i.VERIFY_ROWS, c),
        family(h.CHECK_SOURCE, OF_A_CYCLE, h.CHECK_ROWS, c),
        family(h.WATCH_SOURCE, "id", h.WATCH_ROWS, c),
        family(i.ECHO_SOURCE, "id::text", i.ECHO_ROWS, c),
        family(i.ECHO_SOURCE, "id::text", i.RATED_ROWS, c, f"{count(i.RATED)}::integer"),
        family(i.ECHO_SOURCE, "id::text", i.ANSWERED_ROWS, c, f"{count(i.SENT)}::integer"),
        family(h.REPEAT_SOURCE, "id", h.REPEAT_ROWS, c),
        family(p.SOURCE, "worker::text", p.ROWS, c, "count(*)::integer"),
        family(k.SOURCE, "id", k.ROWS, c),
        family(h.all_time_source(boundaries, digits), OF_A_CYCLE, h.ALL_TIME_ROWS, c),
    )
    return once + " " + " UNION ALL ".join((*parts, CHARTS) if with_charts else parts)
