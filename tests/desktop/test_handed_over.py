"""What was typed goes with its order: gone once carried out, a draft again once refused, never sent twice by a crash."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from desktop.dispatch.report_form import ReportForm
from desktop.link.from_server import OrderAnswered
from governance.refusal import Refused
from tests.fakes.desks import FakeDesk


def typed(desk: FakeDesk, text: str) -> ReportForm:
    """A new report with a text."""
    desk.window.act("new")
    form = desk.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText(text)
    return form


def answer(desk: FakeDesk, order: UUID, refused: Refused | None, incident: UUID | None = None) -> None:
    """The server answers an order."""
    desk.queue.put(OrderAnswered(order, refused, incident, 1))
    desk.ticker.tick()


def test_while_an_order_is_under_way_its_draft_is_nobodys(new_desk: Callable[..., FakeDesk]) -> None:
    before = new_desk()
    typed(before, "路灯不亮")
    before.window.act("send")
    order = before.sent[-1].order_id
    after = new_desk()  # the first one crashed before the answer came
    after.card._drafts.settle([order])  # the order stands in the backlog, and goes out again by itself
    after.window.act("next_draft")
    form = after.card.form
    assert isinstance(form, ReportForm)
    assert form.text.toPlainText() == ""
    assert form.draft != "report 1"


def test_carried_out_after_a_crash_nothing_is_left(new_desk: Callable[..., FakeDesk]) -> None:
    before = new_desk()
    typed(before, "路灯不亮")
    before.window.act("send")
    order = before.sent[-1].order_id
    after = new_desk()
    after.card._drafts.settle([order])
    answer(after, order, None, UUID(int=7))
    assert after.card._drafts.names() == []
    assert not after.card._drafts.is_taken("report 1")
    assert new_desk().card._drafts.names() == []


def test_refused_after_a_crash_the_text_comes_back_and_is_told_of(new_desk: Callable[..., FakeDesk]) -> None:
    before = new_desk()
    typed(before, "在河里")
    before.window.act("send")
    order = before.sent[-1].order_id
    after = new_desk()
    after.card._drafts.settle([order])
    answer(after, order, Refused("grid_unknown", "place"))
    assert after.window.banner.isVisible()
    assert after.seat.words("refused.grid_unknown") in after.window.banner.text.text()
    after.window.act("next_draft")
    form = after.card.form
    assert isinstance(form, ReportForm)
    assert form.text.toPlainText() == "在河里"


def test_an_order_that_never_reached_the_disk_is_a_draft_again(new_desk: Callable[..., FakeDesk]) -> None:
    before = new_desk()
    typed(before, "路灯不亮")
    before.window.act("send")
    after = new_desk()
    after.card._drafts.settle([])
    assert after.card._drafts.fields("report 1") is not None


def test_refused_in_an_open_form_the_form_says_so_and_the_draft_is_there(desk: FakeDesk) -> None:
    form = typed(desk, "在河里")
    desk.window.act("send")
    assert desk.card._drafts.names() == []
    desk.refuse(desk.sent[-1], Refused("grid_unknown", "place"))
    assert desk.card.form is form
    assert not desk.window.banner.isVisible()
    assert desk.card._drafts.names() == ["report 1"]


def test_a_form_closed_while_its_order_is_under_way_leaves_nothing_behind(desk: FakeDesk) -> None:
    typed(desk, "路灯不亮")
    desk.window.act("send")
    desk.window.act("back")
    assert desk.card.form is None
    answer(desk, desk.sent[-1].order_id, None, UUID(int=7))
    assert not desk.card._drafts.is_taken("report 1")
