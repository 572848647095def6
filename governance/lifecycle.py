"""The one place of the rules: a command on a case gives the next case, or is Refused.

Pure: no clock, no randomness, no input or output. The server decides with `after`, the desk greys keys with `may`. The rows
are data (governance.transitions); nothing here knows any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import Enum, StrEnum
from uuid import UUID

from governance.attempt import Attempt
from governance.commands import WORD_OF, Command, Recipient, TimerFired
from governance.incident import ActorKind, Case, State, Step
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.roles import why_not
from governance.rules import Rules
from governance.transitions import TABLE, Row

SYSTEM_OFFICER = Officer(UUID(int=0), "system", UUID(int=0), Role.SYSTEM, "", 3, None)
"""Who acts when a clock runs out, or a row is automatic."""

DETAIL_LENGTH = 500
_ROWS_OF = {kind: tuple(row for row in TABLE if row.action is kind) for kind in WORD_OF}
_AUTOMATIC = tuple((row, row.automatic) for row in TABLE if row.automatic is not None)
ACTOR_OF = {Role.SYSTEM: ActorKind.RULE, Role.OUTSIDE: ActorKind.EXTERNAL}


def after(
    case: Case | None,
    command: Command,
    officer: Officer,
    rules: Rules,
    now: datetime,
    client_at: datetime | None = None,
    beside: tuple[Case, ...] = (),
) -> Case:
    """The case after the command (None: it does not exist yet); Refused where a rule says no.

    `now` is aware; `client_at` is when a device that was off line took the command, kept in the step; `beside` are the
    cases it is merged with or parted from.
    """
    if now.tzinfo is None:
        raise ValueError("now must know its zone")
    attempt = Attempt(case, command, officer, rules, now, client_at, WORD_OF[type(command)], beside)
    row = row_for(attempt, type(command))
    for guard in (*row.guards, *row.demands):
        refusal = guard(attempt)
        if refusal is not None:
            raise refusal
    before = case if case is not None else row.opens(attempt) if row.opens else None
    assert before is not None, "only a row that opens has no source"
    changed = before
    for effect in row.effects:
        changed = effect(attempt, changed)
    return _stepped(attempt, row, None if case is None else before, changed)


def may(case: Case | None, command_type: type, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why an officer cannot give such a command now, before its parameters are known; None where he can."""
    attempt = Attempt(case, None, officer, rules, now, action=WORD_OF[command_type])
    try:
        row = row_for(attempt, command_type)
    except Refused as refusal:
        return refusal
    return next((no for guard in row.guards if (no := guard(attempt))), None)


def supposed(case: Case, command: Command, officer: Officer, rules: Rules, now: datetime) -> Case:
    """The case as a command would leave it if nothing were wrong with its parameters, some of which only the ledger knows.

    For a look ahead, never for the record. Refused where such a command cannot be given now.
    """
    attempt = Attempt(case, command, officer, rules, now, action=WORD_OF[type(command)])
    row = row_for(attempt, type(command))
    refusal = next((no for guard in row.guards if (no := guard(attempt))), None)
    if refusal is not None:
        raise refusal
    changed = case
    for effect in row.effects:
        changed = effect(attempt, changed)
    return _stepped(attempt, row, case, changed)


def settled(case: Case, rules: Rules, now: datetime) -> Case:
    """The case after all that the system does unasked: the rows that are automatic, until none applies any more."""
    return (case, *following(case, rules, now))[-1]


def following(case: Case, rules: Rules, now: datetime) -> tuple[Case, ...]:
    """What the system makes of a case unasked, step by step; each is one step longer than the last."""
    trail: list[Case] = []
    while (done := next(_unasked(case, rules, now), None)) is not None:
        case = done
        trail.append(case)
        if len(trail) > len(TABLE):
            raise RuntimeError(f"{case.steps[-1].row} follows from itself without end")
    return tuple(trail)


def _unasked(case: Case, rules: Rules, now: datetime) -> Iterator[Case]:
    """What each automatic row that applies would make of the case."""
    for row, ordered in _AUTOMATIC:
        if _fits(row, case.incident.state):
            try:
                yield after(case, ordered(case), SYSTEM_OFFICER, rules, now)
            except Refused:
                continue


def row_for(attempt: Attempt, kind: type) -> Row:
    """The first row that fits an attempt; Refused with the reason of the nearest miss."""
    state = attempt.case.incident.state if attempt.case else None
    fired = attempt.command.kind if isinstance(attempt.command, TimerFired) else None
    nearest, refusal = -1, Refused("not_in_state", state=state.value if state else "", action=WORD_OF[kind])
    for row in _ROWS_OF.get(kind, ()):
        if row.timer is not fired or not _fits(row, state):
            continue
        answers = [why_not(row.who, attempt), *(question(attempt) for question in row.when)]
        passed = next((count for count, no in enumerate(answers) if no), len(answers))
        no = answers[passed] if passed < len(answers) else None
        if no is None:
            return row
        if passed > nearest:
            nearest, refusal = passed, no
    raise refusal


def _fits(row: Row, state: State | None) -> bool:
    """Whether a row starts in a state, or, without one, opens an incident."""
    return state in row.sources if state else not row.sources


def _stepped(attempt: Attempt, row: Row, before: Case | None, changed: Case) -> Case:
    """The case with its state, version and one more step of the log."""
    old, new = before.incident if before else None, changed.incident
    target = row.target or new.state
    officer = attempt.officer if row.hides is None or not row.hides(attempt) else None
    step = Step(
        seq=len(changed.steps) + 1,
        row=row.id,
        action=WORD_OF[row.action],
        from_state=old.state if old else None,
        to_state=target,
        actor_kind=ActorKind.TIMER if row.timer else ACTOR_OF.get(attempt.officer.role, ActorKind.USER),
        at=attempt.now,
        actor_name=officer.name if officer else "",
        actor_staff=officer.staff if officer else None,
        actor_post=officer.post if officer else None,
        actor_account=officer.account if officer else None,
        actor_shift=officer.shift if officer else None,
        client_at=attempt.client_at,
        reason=str(getattr(attempt.command, "reason", ""))[:DETAIL_LENGTH],
        level_before=old.handling_level if old else None,
        level_after=new.handling_level,
        detail=_told(attempt, row),
    )
    incident = replace(new, state=target, version=new.version + 1)
    return replace(changed, incident=incident, steps=(*changed.steps, step))


def _told(attempt: Attempt, row: Row) -> dict[str, str]:
    """What the step keeps of the command, as words."""
    detail: dict[str, str] = {"timer": row.timer.value} if row.timer else {}
    for name in row.tells:
        value = getattr(attempt.command, name)
        detail[name] = _word(value)[:DETAIL_LENGTH]
        if isinstance(value, Recipient):
            detail[f"{name}_worker"] = str(value.worker)
    if row.adds is not None:
        detail |= {name: word[:DETAIL_LENGTH] for name, word in row.adds(attempt).items()}
    return {name: value for name, value in detail.items() if value}


def _word(value: object) -> str:
    """A parameter as the log tells it."""
    if isinstance(value, Recipient):
        return value.name
    if isinstance(value, tuple):
        return "、".join(_word(each) for each in value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if value is not None and value != 0.0 else ""
