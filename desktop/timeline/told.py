"""What is said of the past: periods, and how an incident stood after its last step; plain."""

from __future__ import annotations

from datetime import datetime

from desktop.dispatch.case_view import state_text
from desktop.phrases import SHANGHAI, step_line, title_of
from desktop.words import Words
from governance.incident import Case
from governance.rules import Rules


def period_text(since: datetime, until: datetime) -> str:
    """A period as it is shown: 11-30 14:00 – 16:00."""
    first, last = since.astimezone(SHANGHAI), until.astimezone(SHANGHAI)
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%m-%d %H:%M}"
    return f"{first:%m-%d %H:%M} – {end}"


def last_step(words: Words, rules: Rules, case: Case, at_s: float) -> str:
    """What a change was, at its moment: 14:30:12  0147 燃气泄漏 · 处置中 · 李建国 — 接单 · 李建国."""
    number = case.incident.number.rpartition("-")[2]
    stands = f"{number} {title_of(words, rules, case)}{words('sep')}{state_text(words, case)}"
    step = f" — {step_line(words, case.steps[-1])}" if case.steps else ""
    return f"{datetime.fromtimestamp(at_s, SHANGHAI):%H:%M:%S}  {stands}{step}"
