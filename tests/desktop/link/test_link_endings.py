"""When a session or the link itself ends, whoever waited for something hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.link import from_server as told
from desktop.link.conversation import Conversation
from desktop.link.sockets import ServerAddress, Sockets
from desktop.link.thread import Link
from desktop.link.to_server import Uncover, Watch
from tests.desktop.link.linked_desk import Desk, until
from tests.fakes.scripted_server import ScriptedServer
from tests.governance.field import named
from wire.requests import OpenCamera, Refusal, Reveal


@pytest.mark.parametrize("end", ["its end on the feed", "a refusal", "another log-on"])
def test_whoever_waits_for_a_camera_or_a_field_hears_that_the_session_ended(
    end: str, seated: Desk, server: ScriptedServer
) -> None:
    server.script |= dict.fromkeys((OpenCamera, Reveal))
    if end == "a refusal":
        server.script[Reveal] = lambda r: Refusal(r.n, "session_over")
    seated.link.submit(Watch("c1", "incident"))
    until(lambda: server.count(OpenCamera) == 1)
    seated.link.submit(Uncover(named("r"), "phone", "callback"))
    until(lambda: server.count(Reveal) == 1)
    if end == "its end on the feed":
        server.end("role_changed")
    elif end == "another log-on":
        seated.log_on()
    address, field = seated.hear(told.CameraAddress), seated.hear(told.Uncovered)
    assert address.refused is not None
    assert field.refused is not None
    assert (address.refused.code, field.refused.code) == ("no_session", "session_over" if end == "a refusal" else "no_session")


class BreakingLink(Link):
    """A link whose thread can be made to fail where nothing catches it, as when the process has no descriptors left."""

    breaks = False

    def _turn(self, talk: Conversation, sockets: Sockets) -> bool:
        if self.breaks:
            raise OSError("no more descriptors")
        return super()._turn(talk, sockets)


@pytest.mark.noisy("the link has ended")
def test_a_link_that_died_is_told(server: ScriptedServer, tmp_path: Path) -> None:
    desk = Desk(server, tmp_path)
    desk.link.stop()
    desk.link = link = BreakingLink(ServerAddress(server.endpoints[0], server.public), tmp_path)
    link.start()
    try:
        desk.log_on()
        alive = desk.hear(told.LinkState, lambda state: state.connected)
        server.script[OpenCamera] = None
        link.submit(Watch("c1", "incident"))
        until(lambda: server.count(OpenCamera) == 1)
        link.breaks = True
        refused = desk.hear(told.CameraAddress).refused
        assert refused is not None
        assert refused.code == "no_answer"
        assert not desk.hear(told.LinkState, lambda state: not state.connected, after=desk.said.index(alive)).connected
    finally:
        link.stop()
