"""Who outside was told of an incident and when (联动通报): 119 已通报 02:12 · 燃气公司 未通报; plain."""

from __future__ import annotations

from datetime import datetime

from desktop.phrases import moment_text
from desktop.seat import Seat
from governance.incident import Case, Step

TARGETS = ("119", "120", "110", "122", "gas", "water", "power")


def told_at(step: Step) -> datetime:
    """When somebody was told: as the officer said, else when he put it down."""
    said = step.detail.get("told_at", "")
    try:
        return datetime.fromisoformat(said) if said else step.at
    except ValueError:
        return step.at


def told(case: Case) -> dict[str, Step]:
    """Everybody outside who was told, each with the last time, in the order they were told first."""
    found: dict[str, Step] = {}
    for step in case.steps:
        if step.row == "E58":
            found[step.detail.get("target", "")] = step
    return found


def usual_targets(seat: Seat, case: Case, is_told: bool | None = None) -> tuple[str, ...]:
    """Who is usually told of such a matter; of these only who was told, or who was not."""
    category = seat.situation.rules.categories.get(case.incident.category)
    usual = tuple(dict.fromkeys((*category.outside, *category.tell))) if category else ()
    done = told(case)
    return tuple(target for target in usual if is_told is None or (target in done) is is_told)


def target_name(seat: Seat, target: str) -> str:
    """What a service is called; another platform is called as it was written."""
    return seat.words(f"target.{target}") if seat.words.has(f"target.{target}") else target


def outside_line(seat: Seat, case: Case) -> str:
    """Who was told and who is still to be told; empty where nobody is."""
    words = seat.words
    parts = [
        words("outside.told", target=target_name(seat, target), time=moment_text(told_at(step), seat.now()))
        for target, step in told(case).items()
    ]
    parts += [
        words("outside.not_told", target=target_name(seat, target)) for target in usual_targets(seat, case, is_told=False)
    ]
    return words("sep").join(parts)


def dial_lines(seat: Seat, case: Case) -> list[str]:
    """The log of the calls, newest first: when, whom, who took it, the receipt, who called, what was said."""
    words, now, lines = seat.words, seat.now(), []
    for step in reversed(case.steps):
        if step.row != "E58":
            continue
        detail = step.detail
        person = words("outside.person", person=detail["person"]) if detail.get("person") else ""
        receipt = words("outside.receipt", receipt=detail["receipt"]) if detail.get("receipt") else ""
        parts = [moment_text(told_at(step), now), target_name(seat, detail.get("target", "")), person, receipt]
        lines.append(words("sep").join(part for part in (*parts, step.actor_name, detail.get("note", "")) if part))
    return lines
