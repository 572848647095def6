"""Rows of several reports that are one matter, and of one that is several: merged, parted, split."""

from __future__ import annotations

from governance import clocks, demands, inherited, joining, looking, watching
from governance.attempt import Attempt
from governance.incident import State
from governance.incident import TimerKind as T
from governance.roles import AT_QUEUE, DISPATCHERS, MERGERS, SHIFT_LEADS
from governance.transitions.row import Row, c, from_

S = State


def _numbers(attempt: Attempt) -> dict[str, str]:
    """The numbers of the cases it is joined with."""
    return {"with": "、".join(case.incident.number for case in attempt.beside)}


JOINING = (
    Row(
        "E51", c.Merge, joining.OPEN_MASTER, None, (AT_QUEUE,),
        (joining.taken_in, inherited.inherited, watching.emergency_begun),
        demands=(joining.sources_fit,), adds=inherited.what_it_brings,
    ),
    Row(
        "E51", c.MergedInto, from_(S.REPORTED, S.FILED, S.DISPATCHED), S.MERGED, (AT_QUEUE,), (joining.merged_into,),
        guards=(joining.master_open,), tells=("number",), adds=inherited.order_it_had,
    ),
    Row(
        "E51", c.MergedInto, from_(S.HANDLING), S.MERGED, (SHIFT_LEADS,), (joining.merged_into,),
        guards=(joining.master_open,), tells=("number",), adds=inherited.order_it_had,
    ),
    Row(
        "E52", c.Unmerge, from_(S.MERGED), S.REPORTED, (MERGERS,), (joining.came_back, watching.emergency_begun),
        guards=(joining.master_beside, joining.may_be_undone), demands=(demands.reason_given, joining.of_one_merge),
        adds=_numbers,
    ),
    Row(
        "E52", c.PartedFrom, frozenset(S) - {S.ARCHIVED, S.MERGED}, None, (MERGERS,), (joining.given_back,),
        guards=(joining.source_beside,), tells=("number",),
    ),
    Row(
        "E53", c.Split, from_(S.FILED, S.HANDLING), None, (DISPATCHERS,), (),
        demands=(joining.parts_fit, demands.place_fits, looking.others_told_first), tells=("numbers",),
    ),
    Row(
        "E53", c.SplitOff, from_(), S.FILED, (DISPATCHERS,), (clocks.started(T.T3_DISPATCH), joining.shares_the_clock),
        guards=(joining.whole_beside,), opens=joining.split_off, adds=_numbers,
    ),
)  # fmt: skip
