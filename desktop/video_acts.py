"""What the keys do with the pictures of cameras, and how a desk gets its tiles. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.camera_addresses import CameraAddresses
from desktop.camera_reasons import CameraReasons
from desktop.reason_bar import ReasonBar
from desktop.seat import Seat
from desktop.video_evidence import VideoEvidence
from desktop.video_panel import VideoBoard, VideoPanel
from desktop.video_wall.kept_layouts import KeptLayouts
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import PlayerBackend
from desktop.video_wall.tile_panel import TilePanel
from desktop.video_wall.words import say_in

if TYPE_CHECKING:
    from desktop.duty_window import DutyWindow


def hand_tiles(
    seat: Seat, player: PlayerBackend, addresses: CameraAddresses, reasons: CameraReasons, files: KeptLayouts
) -> TilePanel:
    """Give a seat the means to show cameras: small panels anywhere, and the tiles beside the map; returned is one panel."""

    def new_tiles() -> TilePanel:
        say = say_in(seat.words.language)
        return TilePanel(player, addresses.ask, say, seat.palette, told=addresses.health.saw, held=addresses.why_held)

    def new_board(near_of: Callable[[str], Nearby | None]) -> VideoBoard:
        say = say_in(seat.words.language)
        told, held = addresses.health.saw, addresses.why_held
        return VideoBoard(player, addresses.ask, near_of, say, seat.palette, told=told, held=held)

    seat.reasons = reasons
    seat.open_recorded = getattr(player, "open_recorded", None)
    seat.new_tiles = new_tiles
    seat.new_reason_bar = lambda: ReasonBar(seat, addresses, reasons)
    seat.new_video = lambda: VideoPanel(seat, new_board, files)
    return new_tiles()


def video_acts(window: DutyWindow) -> dict[str, Callable[[], object]]:
    """Action -> what it does with the tiles beside the map; on a desk without any nothing."""
    video, layouts = window.video, window.layouts
    if video is None:
        return {name: lambda: None for name in ACTS}

    def switch() -> None:
        layouts.switch_video()
        if video.isVisible():
            video.board.setFocus()
        else:
            window.give_keys_back()

    def shown(then: Callable[[], object]) -> Callable[[], None]:
        def act() -> None:
            layouts.show_video()
            then()

        return act

    def turns() -> None:
        if video.turning.turns is not None:
            video.turning.pause()
        else:
            video.lists.begin()

    def sees() -> None:
        if video.open_seeing():
            video.board.setFocus()

    def add() -> None:
        camera = window.seat.selection.camera
        if camera is None:
            video.say(window.seat.words("video.no_camera"))
        else:
            video.add(camera)

    evidence = VideoEvidence(window)
    video.asked.add(evidence)
    window.destroyed.connect(evidence.stop_all)
    video.shown.connect(evidence.begin_again)
    video.put_away_now.connect(evidence.stop_all)
    window.sign_off_wanted.connect(video.hand.let_go)
    return {
        "video_report": evidence.report,
        "video_clip": evidence.record,
        "video_reason": window.write_reason,
        "video_back": shown(video.past.look_back),
        "video_turn": shown(video.hand.take_or_let_go),
        "video_clips": shown(video.clips.list.begin),
        "panel_video": switch,
        "video_sees": shown(sees),
        "video_add": shown(add),
        "video_tree": shown(video.switch_tree),
        "video_side": shown(video.next_side),
        "video_layouts": shown(video.layouts.begin),
        "video_turns": shown(turns),
        "float_video": shown(lambda: layouts.video_floating.switch("video")),
    }


ACTS = (
    *("video_report", "video_clip", "video_back", "video_turn", "video_clips", "video_reason"),
    *("panel_video", "video_sees", "video_add", "video_tree", "video_side", "video_layouts", "video_turns", "float_video"),
)
"""Actions of the key table that are about the tiles beside the map."""
