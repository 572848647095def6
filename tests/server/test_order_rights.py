"""What an order may name, and what its refusal tells: never more than the officer may see anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from governance.commands import Accept, Arrive, CheckPass, Complete, Dispatch, File, MakeReport, Recall, Recipient, SendCheck
from governance.incident import Attachment, State
from governance.refusal import Refused
from server.ledger import people
from server.ledger.entry import Entered

from .conftest import District, middle

LEAF = "03.01"


def _resolved(district: District) -> Entered:
    """An incident in the first grid, finished and waiting for a check."""
    officer = district.field_officer(district.workers[0])
    entered = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    for command, by in (
        (File(LEAF), "duty1"),
        (Dispatch(Recipient(district.workers[0].id), reason="就近"), "duty1"),
        (Accept(), officer),
        (Arrive(middle(0)), officer),
        (Complete("已清", (_photo(),)), officer),
    ):
        entered = district.order(command, by, entered)  # type: ignore[arg-type]
    return entered


def _photo() -> Attachment:
    return Attachment(uuid4(), "ab" * 32, "image/jpeg", 1000, "after", datetime.now(UTC))


def _staff_of(district: District, login: str) -> UUID:
    return district.officers[login].staff


@pytest.mark.parametrize(
    "who",
    ["a worker", "a duty officer", "another street's operator", "the system", "nobody"],
    ids=lambda who: who.replace(" ", "-"),
)
def test_a_check_is_given_only_to_a_checker_of_the_grid(district: District, who: str) -> None:
    resolved = _resolved(district)
    checker = {
        "a worker": district.workers[5].id,
        "a duty officer": _staff_of(district, "duty2"),
        "another street's operator": _staff_of(district, "street2"),
        "the system": UUID(int=0),
        "nobody": uuid4(),
    }[who]
    with pytest.raises(Refused, match="no_such_checker"):
        district.order(SendCheck(checker), "duty1", resolved)


def test_who_may_be_given_a_confidential_check(district: District) -> None:
    resolved = _resolved(district)
    checker, operator = (district.officers[login] for login in ("check1", "street1"))
    district.owner_executes("UPDATE incident SET confidentiality = 1, version = version + 1 WHERE id = %s", resolved.incident)
    resolved = replace(resolved, version=resolved.version + 1)
    district.owner_executes("UPDATE post SET clearance = 0 WHERE id IN (%s, %s)", checker.post, operator.post)
    with pytest.raises(Refused, match="no_such_checker"):
        district.order(SendCheck(operator.staff), "duty1", resolved)  # he may not see it
    district.owner_executes("UPDATE post SET is_open = false WHERE id = %s", checker.post)
    with pytest.raises(Refused, match="no_such_checker"):
        district.order(SendCheck(checker.staff), "duty1", resolved)
    district.owner_executes("UPDATE post SET is_open = true WHERE id = %s", checker.post)
    assert district.order(SendCheck(checker.staff), "duty1", resolved).case, "a checker sees what he is given (D.1)"


def test_a_check_is_given_to_somebody_else_by_the_queue(district: District) -> None:
    checking = district.order(SendCheck(_staff_of(district, "street1")), "duty1", _resolved(district))
    with pytest.raises(Refused, match="no_such_incident"):
        district.order(CheckPass("好", condition_met=True), "check1", checking)
    again = district.order(SendCheck(_staff_of(district, "check1")), "duty1", checking)
    assert again.case
    assert again.case.incident.state is State.CHECKING
    with pytest.raises(Refused, match="not_your_check"):
        district.order(CheckPass("好", condition_met=True), "street1", again)
    assert district.order(CheckPass("好", condition_met=True), "check1", again).case


def test_a_check_of_what_the_district_handles_is_given_to_no_street(district: District) -> None:
    resolved = _resolved(district)
    district.owner_executes(
        "UPDATE incident SET handling_level = 4, oversight_level = 4, version = version + 1 WHERE id = %s", resolved.incident
    )
    resolved = replace(resolved, version=resolved.version + 1)
    street = district.officers["street1"]
    for told in ("", street.scope, "990001"):  # what a desk says of the post counts for nothing
        with pytest.raises(Refused, match="below_handling_level"):
            district.order(SendCheck(street.staff, told), "duty1", resolved)
    checking = district.order(SendCheck(), "duty1", resolved)
    with pytest.raises(Refused, match="below_handling_level"):
        district.order(CheckPass("好", condition_met=True), "street1", checking)
    assert district.order(SendCheck(_staff_of(district, "check1")), "duty1", checking).case


def test_a_stale_version_tells_nothing_of_an_incident_one_may_not_see(district: District) -> None:
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    district.order(File(LEAF), "duty1", made)
    stranger = district.field_officer(district.workers[7])
    for officer, code in (("street2", "not_your_area"), (stranger, "not_your_role")):
        with pytest.raises(Refused, match=code) as refused:
            district.order(File(LEAF), officer, made)
        assert "who" not in refused.value.details
        assert made.case
        assert made.case.incident.grid not in str(refused.value.details)
    with pytest.raises(Refused, match="stale_version") as told:
        district.order(File(LEAF), "street1", made)
    assert told.value.details["who"] == district.officers["duty1"].name


def test_a_stale_version_is_explained_to_whoever_was_sent(district: District) -> None:
    worker = district.workers[0]
    filed = district.order(File(LEAF), "duty1", district.order(MakeReport("垃圾堆积", middle(0)), "duty1"))
    sent = district.order(Dispatch(Recipient(worker.id), reason="就近"), "duty1", filed)
    district.order(Recall("另派"), "dispatch1", sent)
    with pytest.raises(Refused, match="stale_version") as told:
        district.order(Accept(), district.field_officer(worker), sent)
    assert told.value.details["who"] == district.officers["dispatch1"].name


def test_who_has_no_post_of_a_worker_may_not_act_as_one(district: District) -> None:
    with pytest.raises(Refused, match="not_your_role"), district.ledger.transaction() as connection:
        people.field_officer(connection, uuid4(), datetime.now(UTC))


def test_an_attachment_id_stands_once_in_an_incident(district: District) -> None:
    photo = _photo()
    for photos in ((photo, photo), (photo, replace(photo, sha256="cd" * 32))):
        with pytest.raises(Refused, match="attached_twice"):
            district.order(MakeReport("垃圾堆积", middle(0), attachments=photos), "duty1")
