"""What is remembered of an incident from step to step, and adds up to what stands there: its log, its counts, its deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

from governance.deadline import elapsed_s, later, limit_of
from governance.fold import became, folded, words_of
from governance.guards import GRAVE
from governance.incident import CLOCK_RUNS, ApprovalKind, ApprovalState, Case, Incident, TimerKind
from governance.rules import Rules
from tests.governance.invariants import SHIFT_LEADS_NAMED

NEAR_S = 0.01
STARTS = frozenset({"E06", "E07", "E47", "E53"})
RECALLS_AT_MOST, RETURNS_AT_MOST = 3, 2


class Watch:
    """The incident as its log alone tells it, and its deadline counted a second time."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self.told: dict[str, str] = {}
        self.limit_s, self.working = 0.0, False
        self.used_s = 0.0
        self.since: datetime | None = None

    def broken(self, before: Case | None, case: Case, rules: Rules) -> list[str]:
        """What of the log, the counts and the deadline does not add up after one step more."""
        old = before.incident if before else None
        self.told = folded((self.told, became(old, case.incident)))
        holds = {
            "11 the log adds up to the incident": self.told == words_of(case.incident),
            "19 it comes back twice at most": case.incident.return_count <= RETURNS_AT_MOST,
            "19 the fourth recall is for a shift lead": self._recalled_by_lead(old, case),
            "ours alone only after those it belongs to were told": _others_told(case, rules),
            "21 the deadline follows from its limit and its pauses": self._due(before, case, rules),
        }
        return [name for name, does in holds.items() if not does]

    def _recalled_by_lead(self, old: Incident | None, case: Case) -> bool:
        if old is None or case.steps[-1].row != "E20" or old.recall_count < RECALLS_AT_MOST:
            return True
        return case.steps[-1].actor_staff is not None and _is_lead(case)

    def _due(self, before: Case | None, case: Case, rules: Rules) -> bool:
        """Count the limit and what was used of it again, from the states and moments of the steps."""
        old = before.incident if before else None
        new, step = case.incident, case.steps[-1]
        now, calendar = step.at, rules.calendar
        if self.since is not None:
            self.used_s += elapsed_s(self.since, now, self.working, calendar)
            self.since = now
        was_filed = before is not None and before.incident.filed_at is not None
        old_limit = self.limit_s
        if step.row in ("E09", "E47"):
            self.used_s = 0.0
        if (step.row in STARTS and step.action != "split") or (step.row == "E48" and not was_filed):
            self._started(before, case, rules)
        elif step.row == "E48" or self._is_hurried(old, case):
            self._hastened(new, rules)
        elif step.row == "E32" and new.limit_s != old_limit:
            granted = [a for a in case.approvals if a.kind is ApprovalKind.EXTEND and a.state is ApprovalState.GRANTED]
            self.limit_s += granted[-1].extend_s
        self.since = now if new.state in CLOCK_RUNS else None
        if self.since is None:
            return abs(new.used_s - self.used_s) < NEAR_S
        left_s = self.limit_s - self.used_s
        due = later(now, left_s, self.working, calendar) if left_s >= 0 else now + timedelta(seconds=left_s)
        return (
            new.due_at is not None and abs(new.limit_s - self.limit_s) < NEAR_S and self._same(new.due_at, due, left_s, rules)
        )

    def _is_hurried(self, old: Incident | None, case: Case) -> bool:
        """Whether it became an emergency, or more urgent by what it was joined with."""
        action, new = case.steps[-1].action, case.incident
        is_grave = action in ("set_severity", "merge") and new.severity in GRAVE
        return is_grave or (action in ("merge", "attach") and old is not None and old.urgency < new.urgency)

    def _started(self, before: Case | None, case: Case, rules: Rules) -> None:
        """A limit is set: of the category and urgency that it has now."""
        found = limit_of(case.incident, TimerKind.T7_RESOLVE, rules)
        assert found is not None
        if case.steps[-1].row == "E53":
            self.used_s, self.limit_s = case.incident.used_s, case.incident.limit_s
            self.working = next(t.working for t in case.timers if t.kind is TimerKind.T7_RESOLVE)
            return
        self.limit_s, self.working = found

    def _hastened(self, incident: Incident, rules: Rules) -> None:
        """The shorter of two limits holds; of another kind of time the newer."""
        found = limit_of(incident, TimerKind.T7_RESOLVE, rules)
        if found is None or self.limit_s == 0.0 or incident.filed_at is None:
            return
        if found[1] is not self.working or found[0] < self.limit_s:
            done_s = min(self.limit_s, self.used_s) if self.since is None else 0.0  # done under the longer limit
            self.limit_s, self.working = max(found[0], done_s), found[1]

    def _same(self, one: datetime, other: datetime, left_s: float, rules: Rules) -> bool:
        """Whether two moments are the same, but for nights between the same working seconds, or both are past."""
        if left_s < 0:
            return one <= other + timedelta(seconds=1) or abs((one - other).total_seconds()) < NEAR_S or self.working
        first, last = sorted((one, other))
        return elapsed_s(first, last, self.working, rules.calendar) < NEAR_S


def _others_told(case: Case, rules: Rules) -> bool:
    """Whether 110, 119, 120 or 122 was told of what is theirs; what is not filed yet, or only a part, has said nothing."""
    incident, category = case.incident, rules.categories.get(case.incident.category)
    if category is None or not category.outside or incident.filed_at is None:
        return True
    told = {step.detail.get("target") for step in case.steps if step.row == "E58"}
    return bool(told & set(category.outside)) or incident.backfill_owed or incident.split_from is not None


def _is_lead(case: Case) -> bool:
    """Whether the last step is a shift lead's: his post says so."""
    return str(case.steps[-1].actor_name).startswith(SHIFT_LEADS_NAMED)
