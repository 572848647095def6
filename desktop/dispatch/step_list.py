"""What happened so far: the tasks and the steps of a case, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.phrases import clock_text, moment_text, reason_text, step_line
from desktop.seat import Seat
from desktop.words import Words
from governance.incident import Assignment, Case, Step

SHOWN = 60
NO_BREAK = "\N{NO-BREAK SPACE}"
"""Keeps a name or a time on one line; lines break between the parts."""


def told_at(task: Assignment) -> str:
    """When a task last moved, Shanghai time."""
    moments = (task.done_at, task.arrived_at, task.accepted_at, task.acked_at, task.delivered_at, task.sent_at)
    return clock_text(next(at for at in moments if at is not None))


def reminded_at(case: Case) -> list[datetime]:
    """When the leading order was said again, by a clock (E21) or by somebody who urged (E68), oldest first."""
    return [step.at for step in case.steps if step.row == "E21" or (step.row == "E68" and step.detail.get("to") == "lead")]


def grouped(words: Words, steps: Sequence[Step]) -> list[tuple[Step, str, Step, int]]:
    """Steps newest first, those that say the same in a row as one: newest, sentence, oldest, how many."""
    found: list[tuple[Step, str, Step, int]] = []
    for step in reversed(steps):
        said = step_line(words, step)
        if found and found[-1][1] == said:
            newest, _, _, count = found.pop()
            found.append((newest, said, step, count + 1))
        else:
            found.append((step, said, step, 1))
    return found


class StepList(QLabel):
    """The steps as a small table of time and sentence."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self._seat = seat
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_case(self, case: Case) -> None:
        """Show the steps of a case, newest first."""
        words, now, dim = self._seat.words, self._seat.now(), self._seat.palette.dim
        rows = []
        for number, (newest, said, oldest, count) in enumerate(grouped(words, case.steps[-SHOWN:])):
            time = moment_text(newest.at, now)
            if count > 1:
                said = words("card.steps.same", step=said, count=count, since=moment_text(oldest.at, now))
            said = escape(said)
            weight = f'<span style="font-weight:{600 if number == 0 else 400}">{said}</span>'
            rows.append(f'<tr><td style="color:{dim};padding-right:10px" nowrap>{time}</td><td>{weight}</td></tr>')
        self.setText(f'<table cellspacing="0" cellpadding="2">{"".join(rows)}</table>')


class TaskList(QLabel):
    """Who was sent and how far they are."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self._seat = seat
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)

    def show_case(self, case: Case) -> None:
        """Show the tasks of a case, the live ones first."""
        words, dim = self._seat.words, self._seat.palette.dim
        tasks = sorted(case.assignments, key=lambda task: (not task.is_live, -task.sent_at.timestamp()))[:8]
        rows = []
        for task in tasks:
            ended = "" if task.is_live else f' style="color:{dim}"'
            said = [words(f"task.{task.role}"), task.worker_name, words(f"task.{task.state}"), told_at(task)]
            if task.is_live and task.reminders:
                said += [words("card.reminded", time=clock_text(at)) for at in reminded_at(case)[-1:]]
            text = escape(words("sep").join(part.replace(" ", NO_BREAK) for part in said))
            result = escape(task.result_text or reason_text(words, task.ended_reason))
            rows.append(f"<tr><td{ended}>{text}{f'<br>{result}' if result else ''}</td></tr>")
        self.setText(f'<table cellspacing="0" cellpadding="2">{"".join(rows)}</table>')
        self.setVisible(bool(tasks))
