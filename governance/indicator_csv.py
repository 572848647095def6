"""Indicators as a table for a spreadsheet: UTF-8 with the mark Excel needs, one row a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from governance.indicators import Boundaries, Figure, Indicator, Month

COLUMNS = (
    *("month", "boundaries", "state", "subject", "name", "code", "indicator"),
    *("num", "den", "raw", "value", "unit", "target", "direction", "missing"),
)
MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(
    month: Month,
    boundaries: Boundaries,
    state: str,
    definitions: Sequence[Indicator],
    figures: Sequence[Figure],
    names: Mapping[str, str],
    word: Callable[[str], str],
    language: str,
    remark: str = "",
) -> str:
    """The text of the file. `word` says in the reader's language what columns, boundaries, states, units and reasons are.

    `word` is asked for column.NAME, boundaries.NAME, state.NAME, unit.NAME, direction.NAME and missing.NAME. A `remark`, who
    wrote it when, stands below. No cell is a formula for a spreadsheet.
    """
    known = {each.code: each for each in definitions}
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([word(f"column.{name}") for name in COLUMNS])
    for each in figures:
        what = known[each.code]
        writer.writerow(
            [
                *(str(month), word(f"boundaries.{boundaries.value}"), word(f"state.{state}")),
                *(_tame(each.subject), _tame(names.get(each.subject, "")), each.code),
                _tame(what.name_zh if language == "zh" else what.name_en),
                *(each.num or "", each.den or "", each.raw or "", each.value or "–", word(f"unit.{what.unit}")),
                *(what.target or "", word(f"direction.{what.direction.value}")),
                word(f"missing.{each.missing.value}") if each.missing else "",
            ]
        )
    if remark:
        writer.writerow([])
        writer.writerow([_tame(remark)])
    return MARK + lines.getvalue()


def _tame(text: str) -> str:
    """The text as no spreadsheet calculates with it."""
    return f"'{text}" if text.startswith(FORMULA) else text
