"""How a formula is told: what is counted over what, and the statement that counts a family of them in one pass.

A family is a SELECT of subject, formula, num, den, raw, value, persons, ids_hash over a source of rows with `code`, the
smallest area asked for, and `unit`. Percentages have two decimals, half up; 0/0 is NULL. Sums are of numeric, which does not
depend on the order of rows. `ids_hash` is SHA-256 over the sorted ids a figure was counted from, where it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

IN_MONTH = "{0} >= %(start)s AND {0} < %(until)s"
HOUR, MINUTE = 3600, 60
Rows = Sequence[tuple[str, str, str | None, str | None, str | None, str]]
"""Formula, num, den, raw, value (None: the percentage), the condition its ids are counted under; SQL each."""


@dataclass(frozen=True, slots=True)
class Counting:
    """For what subjects the rows of a source count, and whether the ids they were counted from are told."""

    subjects: str
    """SQL: the subjects of `code` and `unit`."""
    with_ids: bool = False


def month_of(moment: str) -> str:
    """The moment lies in the month, as far as that has been seen."""
    return "(" + IN_MONTH.format(moment) + ")"


def ids_hash(key: str, condition: str, counting: Counting) -> str:
    """The hash of the sorted ids a condition holds for; NULL for figures that are only looked at."""
    if not counting.with_ids:
        return "NULL::bytea"
    sorted_key = f'({key}) COLLATE "C"'
    listed = f"string_agg({sorted_key}, ',' ORDER BY {sorted_key}) FILTER (WHERE {condition})"
    return f"sha256(convert_to(coalesce({listed}, ''), 'UTF8'))"


def family(
    source: str,
    key: str,
    rows: Rows,
    counting: Counting,
    persons: str = "NULL::integer",
    person: str = "",
    adds_up: bool = True,
) -> str:
    """A row of values for every formula and subject; `persons` how many somebody was counted of, or `person` who.

    What `adds_up`, numbers as well as persons, is counted for each smallest area and unit (and person) first, and then added
    for the subjects they belong to; a middle or a rank, or ids, are taken from all rows of a subject. OFFSET 0 keeps the
    source whole: without it PostgreSQL works each of its expressions out again in every condition.
    """
    kept: dict[str, str] = {}
    columns = {"persons": f"count(DISTINCT {person})::integer" if person else persons}
    values = []
    for number, (formula, num, den, raw, value, condition) in enumerate(rows):
        if condition not in kept:
            kept[condition] = f"ids{len(kept)}"
            columns[kept[condition]] = ids_hash(key, condition, counting)
        columns |= {
            f"{name}{number}": f"({what or 'NULL'})::numeric" for name, what in zip("ndr", (num, den, raw), strict=True)
        }
        shown = (value or "percent_of(@n, @d)").replace("@n", f"n{number}").replace("@d", f"d{number}")
        values.append(f"('{formula}', n{number}, d{number}, r{number}, {shown}, {kept[condition]})")
    together = counting.with_ids or not adds_up
    counted = _taken_together(source, columns, counting) if together else _added(source, columns, counting, person)
    return (
        f"SELECT subject, v.formula, v.num, v.den, v.raw, v.value, persons, v.ids_hash FROM ({counted}) s, "
        f"LATERAL (VALUES {', '.join(values)}) AS v(formula, num, den, raw, value, ids_hash)"
    )


def _added(source: str, columns: dict[str, str], counting: Counting, person: str) -> str:
    """By smallest area and unit (and person), then added."""
    each = ", ".join(("code", "unit", person) if person else ("code", "unit"))
    small = ", ".join(f"{what} AS {name}" for name, what in columns.items() if not (person and name == "persons"))
    whole = ", ".join(columns[name] + " AS persons" if person and name == "persons" else _sum_of(name) for name in columns)
    return (
        f"SELECT subject, {whole} FROM (SELECT {each}, {small} FROM ({source} OFFSET 0) x GROUP BY {each}) y, "
        f"unnest({counting.subjects}) AS subject GROUP BY subject"
    )


def _sum_of(name: str) -> str:
    """How a column is added."""
    if name.startswith("ids"):
        return f"NULL::bytea AS {name}"
    return f"sum({name}){'::integer' if name == 'persons' else ''} AS {name}"


def _taken_together(source: str, columns: dict[str, str], counting: Counting) -> str:
    """From all rows of a subject at once."""
    whole = ", ".join(f"{what} AS {name}" for name, what in columns.items())
    return f"SELECT subject, {whole} FROM ({source} OFFSET 0) x, unnest({counting.subjects}) AS subject GROUP BY subject"


def count(condition: str) -> str:
    """How many rows it holds for."""
    return f"count(*) FILTER (WHERE {condition})"


def share(formula: str, part: str, whole: str) -> tuple[str, str, str, None, None, str]:
    """A percentage of rows."""
    return formula, count(f"{whole} AND {part}"), count(whole), None, None, whole


def mean(formula: str, what: str, condition: str, per: int) -> tuple[str, str, str, None, str, str]:
    """A mean, in units of so many seconds."""
    total = f"coalesce(sum(round(({what})::numeric, 3)) FILTER (WHERE {condition}), 0)"
    return formula, total, count(condition), None, f"CASE WHEN @d > 0 THEN round(@n / @d / {per}, 2) END", condition


def rank(formula: str, what: str, condition: str, at: str, per: int, ids: str = "") -> tuple[str, str, str, None, str, str]:
    """A median or another rank; num is the rank itself, in seconds. It does not add up."""
    found = f"round((percentile_cont({at}) WITHIN GROUP (ORDER BY {what}) FILTER (WHERE {condition}))::numeric, 3)"
    return formula, found, count(condition), None, f"round(@n / {per}, 2)", ids or condition
