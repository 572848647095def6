"""Candidates: who is fit, free and near comes first, everyone says why, and the list never ends in nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.candidates import Candidate, rank
from governance.incident import Assignment, AssignmentState, Case, LeadRole
from governance.people import Duty, Unit, Worker
from tests.governance.field import GAS, GRID, LEAF, RULES, TO_HANDLING, UNITS, named, reported, walk

NEXT_GRID, FAR_GRID = "330104005051004", "330104006001001"
NAMED_UNITS = {unit: Unit(unit, word, word, "office", 2, "330104") for word, unit in UNITS.items()}


def hand(name: str, **more: Any) -> Worker:
    given: dict[str, Any] = {"number": 1, "grid": GRID, "unit": UNITS["community"]} | more
    return Worker(named(name), name=name, **given)


def ranked(case: Case, *workers: Worker, road_m: dict[str, float] | None = None, age_s: float = 5) -> tuple[Candidate, ...]:
    metres = {w.id: (road_m or {}).get(w.name, 400.0) for w in workers}
    ages = {w.id: age_s for w in workers}
    return rank(case, workers, metres, ages, RULES, frozenset({NEXT_GRID}), NAMED_UNITS)


def codes(candidate: Candidate) -> set[str]:
    return {reason.code for reason in candidate.reasons}


STALL, LEAK = reported(category=LEAF), reported(category=GAS)
BETTER = [
    ("skilled", LEAK, hand("a", skills=("gas",)), hand("b")),
    ("free", STALL, hand("a"), hand("b", duty=Duty.ON_TASK, live_tasks=1)),
    ("less loaded", STALL, hand("a", duty=Duty.ON_TASK, live_tasks=1), hand("b", duty=Duty.ON_TASK, live_tasks=3)),
    ("own grid", STALL, hand("a"), hand("b", grid=NEXT_GRID)),
    ("next grid", STALL, hand("a", grid=NEXT_GRID), hand("b", grid="330104005051009")),
    ("same community", STALL, hand("a", grid="330104005051009"), hand("b", grid=FAR_GRID)),
    ("willing", STALL, hand("a"), hand("b", declined_today=2)),
    ("of the unit on duty", STALL, hand("a"), hand("b", unit=UNITS["street"])),
    ("on duty", STALL, hand("a", duty=Duty.ON_TASK, live_tasks=9), hand("b", duty=Duty.ON_CALL)),
    ("skilled though far", LEAK, hand("a", skills=("gas",), grid=FAR_GRID), hand("b")),
]


@pytest.mark.parametrize(("why", "case", "first", "second"), BETTER, ids=[why for why, *_ in BETTER])
def test_the_fitter_comes_first(why: str, case: Case, first: Worker, second: Worker) -> None:
    for workers in ((first, second), (second, first)):
        assert [c.worker for c in ranked(case, *workers)][:2] == [first.id, second.id]


def test_the_nearer_by_road_comes_first_and_says_how_far() -> None:
    best, other, _ = ranked(STALL, hand("far"), hand("near"), road_m={"near": 380, "far": 2000})
    assert (best.worker, other.worker) == (named("near"), named("far"))
    assert {r.code: r.number for r in best.reasons}["distance"] == 380
    assert {r.code: r.number for r in best.reasons}["minutes"] == pytest.approx(1.9)


def test_those_off_duty_and_those_on_it_already_are_left_out() -> None:
    case = walk(reported(), *TO_HANDLING)
    out = hand("li"), hand("off", duty=Duty.OFF)
    assert [c.worker for c in ranked(case, *out)] == [None]


def test_the_silent_come_before_those_on_call_and_say_since_when() -> None:
    silent, never, called = hand("silent", duty=Duty.LOST), hand("never", duty=Duty.LOST), hand("called", duty=Duty.ON_CALL)
    here = hand("here", grid=FAR_GRID, duty=Duty.ON_TASK, live_tasks=5)
    workers = (called, never, silent, here)
    found = rank(STALL, workers, {silent.id: 50.0}, {silent.id: 720.0}, RULES, frozenset(), NAMED_UNITS)
    assert [c.worker for c in found] == [here.id, silent.id, never.id, called.id, None]
    said = {c.worker: [(r.code, r.number) for r in c.reasons][:1] for c in found}
    assert (said[silent.id], said[never.id]) == ([("silent", 720.0)], [("silent", 0.0)])
    assert not {"free", "stale", "no_position"} & (codes(found[1]) | codes(found[2]))


def test_the_list_ends_with_the_squad_of_the_street() -> None:
    squad = ranked(STALL)[-1]
    assert (squad.worker, squad.unit, squad.tier) == (None, UNITS["street"], 4)
    assert [(r.code, r.word) for r in squad.reasons] == [("squad", "street")]


def test_someone_on_call_comes_after_those_on_duty_and_is_never_called_free() -> None:
    found = ranked(STALL, hand("on call", duty=Duty.ON_CALL))[0]
    assert found.tier == 2
    assert "on_call" in codes(found)
    assert "free" not in codes(found)


@pytest.mark.parametrize(
    ("worker", "code"),
    [
        (hand("w"), "own_grid"),
        (hand("w", grid=NEXT_GRID), "next_grid"),
        (hand("w", declined_today=1), "declined"),
        (hand("w", unit=UNITS["street"]), "off_rule"),
        (hand("w", live_tasks=2), "busy"),
    ],
)
def test_a_candidate_says_why(worker: Worker, code: str) -> None:
    found = ranked(STALL, worker)[0]
    assert code in codes(found)
    assert found.needs_reason == (code == "off_rule")


def test_an_old_position_and_a_missing_one_are_told() -> None:
    assert "stale" in codes(ranked(STALL, hand("w"), age_s=300)[0])
    assert "no_position" in codes(rank(STALL, [hand("w")], {}, {}, RULES)[0])


def test_the_weights_are_data() -> None:
    near, skilled = hand("near"), hand("skilled", skills=("gas",), grid=FAR_GRID)
    indifferent = replace(RULES, candidate_weights={"skill": 0.0})
    assert rank(LEAK, [near, skilled], {}, {}, RULES)[0].worker == skilled.id
    assert rank(LEAK, [near, skilled], {}, {}, indifferent)[0].worker == near.id


@given(st.lists(st.tuples(st.sampled_from(list(Duty)), st.integers(0, 3), st.floats(0, 5000)), max_size=12), st.randoms())
def test_the_order_does_not_hang_on_the_order_of_asking(rows: list[tuple[Duty, int, float]], chance: Any) -> None:
    workers = [hand(f"w{n}", duty=duty, live_tasks=tasks) for n, (duty, tasks, _) in enumerate(rows)]
    metres = {f"w{n}": away for n, (_, _, away) in enumerate(rows)}
    first = ranked(STALL, *workers, road_m=metres)
    chance.shuffle(workers)
    assert ranked(STALL, *workers, road_m=metres) == first
    assert [c.tier for c in first] == sorted(c.tier for c in first)
    assert len(first) == 1 + sum(duty is not Duty.OFF for duty, _, _ in rows)


@pytest.mark.parametrize("said", [AssignmentState.DECLINED, AssignmentState.EXPIRED])
def test_who_said_no_to_this_incident_comes_after_those_on_call_and_says_so_first(said: AssignmentState) -> None:
    sent = Assignment(
        named("order"), 1, LeadRole.LEAD, named("near"), "near", None, said, "", sent_at=STALL.incident.reported_at
    )
    refused = replace(STALL, assignments=(sent,))
    near, far = hand("near"), hand("far", grid=FAR_GRID, live_tasks=3, duty=Duty.ON_TASK)
    called = hand("on call", duty=Duty.ON_CALL)
    order = ranked(refused, near, far, called, road_m={"near": 50, "far": 9000})
    assert [candidate.worker for candidate in order][:3] == [far.id, called.id, near.id]
    assert order[2].reasons[0].code == "declined_here"
    again = replace(refused, incident=replace(refused.incident, cycle=2))
    assert ranked(again, near, far)[0].worker == near.id


@pytest.mark.parametrize(
    ("reminders", "acked", "is_passed_over"),
    [(1, False, True), (0, False, False), (1, True, False)],
    ids=["silent", "early", "heard"],
)
def test_who_was_called_back_because_he_did_not_answer_is_not_offered_first_again(
    reminders: int, acked: bool, is_passed_over: bool
) -> None:
    sent_at = STALL.incident.reported_at
    sent = Assignment(
        named("order"),
        1,
        LeadRole.LEAD,
        named("near"),
        "near",
        None,
        AssignmentState.RECALLED,
        "",
        sent_at=sent_at,
        acked_at=sent_at if acked else None,
        reminders=reminders,
    )
    near, far = hand("near"), hand("far", grid=FAR_GRID, live_tasks=3, duty=Duty.ON_TASK)
    order = ranked(replace(STALL, assignments=(sent,)), near, far, road_m={"near": 50, "far": 9000})
    assert (order[0].worker == far.id) is is_passed_over
