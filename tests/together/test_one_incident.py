"""One incident before two desks on a whole server: from report to archive, the worker's part over real HTTPS."""

from __future__ import annotations

from collections.abc import Callable

from governance.commands import CheckPass, Dispatch, File, MakeReport, RaiseLevel, Recipient, SendCheck, SendFeedback
from governance.incident import Case, State
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import Examiner, HeadlessDesk, equals_fresh_snapshot, picture
from tests.together.phones import Gateway, Phone

ROWS = ["E01", "E06", "E14", "E12", "E19", "E23", "E24", "E27", "E39", "E41", "E44", "E46"]


class Both:
    """Two desks that look at the same incident."""

    def __init__(self, duty: HeadlessDesk, other: HeadlessDesk) -> None:
        self.duty, self.other = duty, other

    def turn(self) -> None:
        """Both tick."""
        self.duty.turn()
        self.other.turn()

    def pending_then_committed(self, desk: HeadlessDesk, command: object, case: Case | None) -> Case:
        """The order is pending before its sender and unseen by the other, then a fact before both; the case as it is then."""
        before = case.incident.version if case else 0
        order_id = desk.order(command, case)  # type: ignore[arg-type]
        assert desk.orders.knows(order_id)
        if case is not None:
            assert desk.orders.is_pending(case.incident.id)
            assert desk.situation.cases[case.incident.id] == case, "shown as done before it was"
        until(lambda: order_id in desk.outcomes, type(command).__name__, 30, self.turn)
        outcome = desk.outcomes[order_id]
        assert outcome.refused is None, outcome.refused
        assert outcome.incident is not None
        assert not desk.orders.knows(order_id)
        incident = outcome.incident
        until(
            lambda: self.versions(incident)[0] > before and len(set(self.versions(incident))) == 1, "both see it", 30, self.turn
        )
        assert not desk.orders.is_pending(incident)
        return desk.situation.cases[incident]

    def stands(self, incident: object, state: State) -> Case:
        """The case, once both desks see it in a state that others brought about."""
        until(lambda: set(self.states(incident)) == {state}, f"both see {state}", 30, self.turn)
        return self.duty.situation.cases[incident]  # type: ignore[index]

    def states(self, incident: object) -> list[State | None]:
        """The state each desk shows."""
        cases = [desk.situation.cases.get(incident) for desk in (self.duty, self.other)]  # type: ignore[call-overload]
        return [case.incident.state if case else None for case in cases]

    def versions(self, incident: object) -> list[int]:
        """The version each desk shows; 0 where it shows none."""
        cases = [desk.situation.cases.get(incident) for desk in (self.duty, self.other)]  # type: ignore[call-overload]
        return [case.incident.version if case else 0 for case in cases]


def test_an_incident_goes_from_report_to_archive_before_two_desks(
    work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk], examiner_of: Callable[[str], Examiner]
) -> None:
    both, checker = Both(desk_of("duty1"), desk_of("lead1")), desk_of("check1")
    duty, other = both.duty, both.other
    case = both.pending_then_committed(duty, MakeReport("楼道里有煤气味", spot(0.4, 0.4), place_text="三号楼"), None)
    incident = case.incident.id
    assert case.incident.state is State.REPORTED
    assert case.incident.grid
    case = both.pending_then_committed(duty, File("06.03"), case)
    case = both.pending_then_committed(duty, RaiseLevel("需要街道力量"), case)
    phone = Phone(work, 3)
    worker = next(person for person in duty.situation.workers.people() if person.number == phone.number)
    case = both.pending_then_committed(duty, Dispatch(Recipient(worker.id), reason="最近"), case)
    assert case.incident.state is State.DISPATCHED
    (task,) = phone.tasks()
    assert phone.press(task["assignment"], "accept").status_code == 200
    both.stands(incident, State.HANDLING)
    place = spot(0.4, 0.4)
    assert phone.press(task["assignment"], "arrive", lon=place.lon, lat=place.lat).status_code == 200
    assert phone.press(task["assignment"], "progress", text="已关阀").status_code == 200
    done = phone.press(task["assignment"], "complete", photo=True, text="已处理")
    assert done.status_code == 200, done.text
    phone.close()
    case = both.stands(incident, State.RESOLVED)
    assert len(work.rows("SELECT 1 FROM attachment WHERE incident = %s", incident)) == 1
    checker.turn()
    assert incident not in checker.situation.cases, "it is nothing to a checker before it is to be checked"
    case = both.pending_then_committed(duty, SendCheck(), case)
    until(lambda: incident in checker.situation.cases, "the checker sees it", 30, checker.turn)
    assert checker.done(CheckPass("现场已复核", condition_met=True), checker.situation.cases[incident]).refused is None
    case = both.pending_then_committed(duty, SendFeedback("已办结，谢谢"), both.stands(incident, State.CLOSED))
    final = both.stands(incident, State.ARCHIVED)
    assert [step.row for step in final.steps] == ROWS
    assert [step.seq for step in final.steps] == list(range(1, len(ROWS) + 1))
    _agree(both, examiner_of)
    until(
        lambda: all(d.packs >= {"areas", "buildings", "roads", "water", "land"} for d in (duty, other)),
        "packs",
        30,
        both.turn,
    )


def _agree(both: Both, examiner_of: Callable[[str], Examiner]) -> None:
    """Each desk equals a fresh snapshot of its own post, and the two agree on all that both may see."""
    for desk in (both.duty, both.other):
        fresh = equals_fresh_snapshot(desk, examiner_of(desk.login))
        whole = picture(desk.situation, leave_out_ended=False)
        assert whole["cases"] == picture(fresh, leave_out_ended=False)["cases"], "what ended a moment ago is still shown"
    duty, other = both.duty.situation, both.other.situation
    both.turn()
    common = duty.numbers.keys() & other.numbers.keys()
    assert common
    assert duty.cases == other.cases
    until(lambda: all(duty.numbers[s] == other.numbers[s] for s in common), "the same numbers", 10, both.turn)
    assert duty.workers.people() == other.workers.people()


def test_a_fix_and_a_report_from_outside_reach_both_desks(work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk]) -> None:
    both = Both(desk_of("duty1"), desk_of("duty2"))
    gateway, phone = Gateway(work), Phone(work, 5)
    try:
        row = both.duty.situation.workers.row_of_number(7)
        assert row is not None
        place = spot(0.55, 0.3)

        def moved() -> bool:
            gateway.push(7, place)
            workers = [desk.situation.workers for desk in (both.duty, both.other)]
            return all(abs(w.lon[row] - place.lon) < 1e-6 and abs(w.lat[row] - place.lat) < 1e-6 for w in workers)

        until(moved, "worker 7 stands there on both desks", 30, both.turn)
        made = phone.report("井盖缺失", spot(0.7, 0.6))
        assert made.status_code == 201, made.text
        number = made.json()["number"]

        def shown() -> bool:
            cases = [desk.situation.cases.values() for desk in (both.duty, both.other)]
            return all(any(case.incident.number == number for case in each) for each in cases)

        until(shown, "the report on both desks", 30, both.turn)
    finally:
        gateway.close()
        phone.close()
