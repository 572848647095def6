"""更正, 修改, 补录: what is put right of an incident, and what a direct order left out (E59, E63, E64)."""

from __future__ import annotations

from dataclasses import replace

from governance.attempt import Attempt
from governance.commands import Backfill, Correct, Edit, Rehome
from governance.demands import PLACE_LONGEST
from governance.effects import SENSITIVE, confidential_as
from governance.headline import TITLE_LONGEST
from governance.incident import Case, Incident, TimerKind
from governance.refusal import Refused
from governance.routing import on_ladder, queue_unit_of
from governance.timers import stopped

EDITABLE = frozenset({"title", "place_text", "floor"})
LONGEST = {"title": TITLE_LONGEST, "place_text": PLACE_LONGEST["place_text"], "floor": PLACE_LONGEST["floor"]}


def something_corrected(attempt: Attempt) -> Refused | None:
    """Another place or another category that can be filed, and its grid is known."""
    right = attempt.command
    assert isinstance(right, Correct)
    if not right.category and right.place is None:
        return Refused("nothing_changed", "category")
    if right.category:
        category = attempt.rules.categories.get(right.category)
        if category is None or not category.is_leaf:
            return Refused("category_unknown" if category is None else "category_not_leaf", "category")
    return Refused("grid_unknown", "place") if right.place is not None and not right.grid else None


def field_stands(attempt: Attempt) -> Refused | None:
    """The field is one of words, stands as it was seen, and the new words fit; who was faster is told."""
    edit = attempt.command
    assert isinstance(edit, Edit)
    if edit.field not in EDITABLE:
        return Refused("bad_value", "field")
    now: str = getattr(attempt.incident, edit.field)
    if now == edit.value:
        return Refused("nothing_changed", edit.field)
    if now != edit.base:
        faster = (
            [s for s in attempt.case.steps if s.row == "E64" and s.detail.get("field") == edit.field] if attempt.case else []
        )
        return Refused("field_changed", edit.field, value=now, who=faster[-1].actor_name if faster else "")
    if len(edit.value) > LONGEST[edit.field]:
        return Refused("too_long", edit.field, most=str(LONGEST[edit.field]))
    return Refused("text_needed", "title") if edit.field == "title" and not edit.value.strip() else None


def backfill_owed(attempt: Attempt) -> Refused | None:
    """Something was left out by a direct order."""
    return None if attempt.incident.backfill_owed else Refused("nothing_owed")


def backfilled(attempt: Attempt) -> Refused | None:
    """Nothing is to be filled in any more."""
    return Refused("backfill_owed") if attempt.incident.backfill_owed else None


def leaf_given(attempt: Attempt) -> Refused | None:
    """The category can be filed."""
    fill = attempt.command
    assert isinstance(fill, Backfill)
    category = attempt.rules.categories.get(fill.category)
    if category is None:
        return Refused("category_unknown", "category", category=fill.category)
    return None if category.is_leaf else Refused("category_not_leaf", "category", category=fill.category)


def what_stood_before(attempt: Attempt) -> dict[str, str]:
    """The place, grid and category that a correction replaces, for the log: the snapshot before is kept."""
    old = attempt.incident
    place = f"{old.place.lon:.6f} {old.place.lat:.6f}"
    return {
        "category_before": old.category,
        "grid_before": old.grid,
        "place_before": place,
        "place_text_before": old.place_text,
    }


def corrected(attempt: Attempt, case: Case) -> Case:
    """The place or the category is another: whose queue it is is asked again, what was counted stays."""
    right, rules, before = attempt.command, attempt.rules, case.incident
    assert isinstance(right, Correct)
    incident = before
    if right.place is not None:
        incident = replace(
            incident,
            place=right.place,
            place_text=right.place_text or incident.place_text,
            grid=right.grid,
            origin_worker=right.origin_worker,
            origin_worker_name=right.origin_worker_name,
        )
    if right.category:
        incident = _of_category(attempt, incident, right.category)
    queue = queue_unit_of(rules, incident.grid, incident.handling_level)
    return replace(case, incident=replace(incident, queue_unit=queue))


def grid_before(attempt: Attempt) -> dict[str, str]:
    """The grid that stood there before the boundaries changed, for the log."""
    return {"grid_before": attempt.incident.grid}


def rehomed(attempt: Attempt, case: Case) -> Case:
    """Another grid has it: whose queue it is is asked again, what was counted stays."""
    moved = attempt.command
    assert isinstance(moved, Rehome)
    queue = queue_unit_of(attempt.rules, moved.grid, case.incident.handling_level)
    return replace(case, incident=replace(case.incident, grid=moved.grid, queue_unit=queue))


def _of_category(attempt: Attempt, incident: Incident, code: str) -> Incident:
    """The incident under another category, at least at its first level, and as confidential as that asks for."""
    category = attempt.rules.categories[code]
    level = max(incident.handling_level, on_ladder(attempt.rules, category.first_level))
    incident = replace(
        incident,
        category=code,
        nature=category.nature,
        magnitude=category.magnitude,
        handling_level=level,
        oversight_level=max(level, incident.oversight_level),
        highest_level=max(level, incident.highest_level),
    )
    return confidential_as(incident, SENSITIVE if category.sensitive else 0)


def edited(attempt: Attempt, case: Case) -> Case:
    """One field of words is another."""
    edit = attempt.command
    assert isinstance(edit, Edit)
    return replace(case, incident=replace(case.incident, **{edit.field: edit.value}))  # type: ignore[arg-type]


def filled_in(attempt: Attempt, case: Case) -> Case:
    """What a direct order left out stands there now."""
    fill = attempt.command
    assert isinstance(fill, Backfill)
    incident = _of_category(attempt, case.incident, fill.category)
    incident = replace(incident, title=fill.title or incident.title, backfill_owed=False)
    incident = replace(incident, queue_unit=queue_unit_of(attempt.rules, incident.grid, incident.handling_level))
    return stopped(TimerKind.T12_BACKFILL)(attempt, replace(case, incident=incident))
