"""Two desks order of one incident at one version at the same moment, a thousand times: one of them wins, each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from governance.commands import WORD_OF, Command, MakeReport, NotifyOut, SetSeverity
from governance.incident import Severity
from tests.together.at_work import ServerAtWork, spot
from tests.together.headless import Examiner
from wire.codec import encode_command
from wire.requests import Committed, Order, Refusal, Reply

RACES, INCIDENTS = 1_000, 40


@dataclass
class Course:
    """An incident raced for, and how far it has come."""

    incident: UUID
    version: int


def order(command: Command, incident: UUID | None, version: int) -> Callable[[int], Order]:
    """A request under a fresh order id."""
    order_id = uuid4()
    return lambda n: Order(n, order_id, WORD_OF[type(command)], encode_command(command), incident, version)


def test_two_desks_race_a_thousand_times_and_exactly_one_wins(
    work: ServerAtWork, examiner_of: Callable[[str], Examiner]
) -> None:
    one, other = examiner_of("duty1"), examiner_of("duty2")
    courses: list[Course] = []
    for n in range(INCIDENTS):
        made = one.ask(order(MakeReport(f"争 {n}", spot(0.5, 0.5)), None, 0))
        assert isinstance(made, Committed), made
        courses.append(Course(made.incident, made.version))
    wins = {"one": 0, "other": 0}
    for turn in range(RACES // INCIDENTS):
        mine: Command = NotifyOut("119", "甲") if turn else SetSeverity(Severity.II, "争")
        sent: list[tuple[int, int]] = []
        for lane, course in enumerate(courses):  # who presses first changes from incident to incident and turn to turn
            asked = [(one, mine), (other, NotifyOut("120", "乙"))]
            order_of_pressing = asked if (lane + turn) % 2 else asked[::-1]
            numbers = {id(who): who.send(order(what, course.incident, course.version)) for who, what in order_of_pressing}
            sent.append((numbers[id(one)], numbers[id(other)]))
        answers = [one.answers_to([n for n, _ in sent]), other.answers_to([n for _, n in sent])]
        for course, (first, second) in zip(courses, sent, strict=True):
            winner, loser = decided([answers[0][first], answers[1][second]])
            wins["one" if answers[0][first] is winner else "other"] += 1
            assert (winner.incident, winner.version) == (course.incident, course.version + 1)
            assert (loser.code, loser.details["version"]) == ("stale_version", str(winner.version))
            assert loser.details["who"]
            course.version = winner.version
    assert sum(wins.values()) == RACES
    assert min(wins.values()) > 0, wins
    stand = dict(work.rows("SELECT id, version FROM incident WHERE id = ANY(%s)", [course.incident for course in courses]))
    assert stand == {course.incident: course.version for course in courses}, "a loser left something behind"


def decided(said: list[Reply]) -> tuple[Committed, Refusal]:
    """Who won and who lost."""
    won = [reply for reply in said if isinstance(reply, Committed)]
    lost = [reply for reply in said if isinstance(reply, Refusal)]
    assert (len(won), len(lost)) == (1, 1), said
    return won[0], lost[0]
