"""What the rules say of a key whose command stands beside another case: attaching to one, taking a merge back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from governance import lifecycle
from governance.attempt import Attempt
from governance.commands import WORD_OF, MergedInto, Unmerge
from governance.incident import Case, State
from governance.joining import may_be_undone, source_fits
from governance.people import Officer
from governance.refusal import Refused
from governance.roles import MERGERS, why_not
from governance.rules import Rules


def may(case: Case | None, kind: type, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why an officer cannot give a command now; of one that joins two cases, whether this one may be joined (lifecycle.may)."""
    if case is None or kind not in (MergedInto, Unmerge):
        return lifecycle.may(case, kind, officer, rules, now)
    attempt = Attempt(case, None, officer, rules, now, action=WORD_OF[kind])
    if kind is MergedInto:
        return source_fits(replace(attempt, case=None), case)
    if case.incident.state is not State.MERGED:
        return Refused("not_in_state", state=case.incident.state.value, action="unmerge")
    return why_not((MERGERS,), attempt) or may_be_undone(attempt)
