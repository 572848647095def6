"""One row of the transition table, and the groups of effects that many rows share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance import asking, clocks, echoes, effects, guards, orders_out, supervising
from governance import commands as c
from governance.attempt import Attempt, Effect, Guard
from governance.incident import TERMINAL, Case, State
from governance.incident import AssignmentState as A
from governance.incident import TimerKind as T
from governance.roles import Party


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what leads where, who may, what must hold, what follows."""

    id: str
    action: type
    sources: frozenset[State]
    """Empty where no incident exists yet."""
    target: State | None
    """None: the state stays."""
    who: tuple[Party, ...]
    effects: tuple[Effect, ...] = ()
    when: tuple[Guard, ...] = ()
    """Chooses between rows of one action."""
    guards: tuple[Guard, ...] = ()
    """About case, officer and clock."""
    demands: tuple[Guard, ...] = ()
    """About the command's parameters."""
    opens: Callable[[Attempt], Case] | None = None
    timer: T | None = None
    """The clock whose firing this is."""
    tells: tuple[str, ...] = ()
    """Fields of the command that the step keeps."""
    hides: Callable[[Attempt], bool] | None = None
    """When the step does not tell who acted: the ledger keeps that sealed."""
    adds: Callable[[Attempt], dict[str, str]] | None = None
    """What the step keeps beside that: of other cases, or of what was there before."""
    automatic: Callable[[Case], c.Command] | None = None
    """The command the system tries unasked after every step; it must lead to where the row applies no more."""


def from_(*states: State) -> frozenset[State]:
    """Source states."""
    return frozenset(states)


OPEN = frozenset(State) - TERMINAL
"""Every state in which something is still to be done."""
TOLD_AFTER = from_(State.CLOSED, State.REJECTED, State.TRANSFERRED, State.VOIDED)
"""Where an echo may be owed."""
UNDER_SUPERVISION = frozenset(State) - {State.ARCHIVED, State.MERGED}

ORDER_CLOCKS = (clocks.started(T.T4_ACK), clocks.started(T.T5_ACCEPT))
STOP_ORDER_CLOCKS = clocks.stopped(T.T4_ACK, T.T5_ACCEPT, T.T6_ARRIVE)
ON_THE_WAY = effects.when(orders_out.lead_is_away, clocks.started(T.T6_ARRIVE))
BACK_TO_QUEUE = (
    asking.dropped,
    effects.run_normally,
    STOP_ORDER_CLOCKS,
    orders_out.assists_end(A.RELEASED),
    clocks.started(T.T3_DISPATCH),
)
LEAD_ACCEPTS = (orders_out.accepted, clocks.stopped(T.T4_ACK, T.T5_ACCEPT), clocks.started(T.T6_ARRIVE))
ECHO_OWED = (echoes.echo_owed, effects.when(lambda case: not echoes.all_told(case), clocks.started(T.T9_FEEDBACK)))
SOLVED = (clocks.resolve_clock_ended, clocks.stopped(T.T8_CHECK), supervising.clocks_order_ended, *ECHO_OWED)
OVER = (asking.dropped, clocks.all_clocks_stopped, supervising.supervision_ended, *ECHO_OWED)
CHECK_PASSED = (effects.closed, *SOLVED)
UNANSWERED = guards.mine_is(guards.NOT_ACCEPTED)
WORKING = guards.mine_is(guards.AT_WORK)

__all__ = [
    "BACK_TO_QUEUE",
    "CHECK_PASSED",
    "ECHO_OWED",
    "LEAD_ACCEPTS",
    "ON_THE_WAY",
    "OPEN",
    "ORDER_CLOCKS",
    "OVER",
    "SOLVED",
    "STOP_ORDER_CLOCKS",
    "TOLD_AFTER",
    "UNANSWERED",
    "UNDER_SUPERVISION",
    "WORKING",
    "Attempt",
    "Case",
    "Row",
    "c",
    "from_",
]
