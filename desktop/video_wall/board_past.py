"""The last minutes of the cameras of a board, played in place of the live picture until the officer goes back to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from desktop.video_wall.players import Feed

if TYPE_CHECKING:
    from desktop.video_wall.players.playback import PlaybackFeed

STEP_S = 30.0
"""So much farther back with every press."""
LEAST_S = 1.0
"""With less behind it there is nothing to look back at."""


class BoardPast:
    """Which cameras show their past, and how far back. Main thread only."""

    def __init__(self) -> None:
        """None does."""
        self._feeds: dict[str, PlaybackFeed] = {}
        self._ago_s: dict[str, float] = {}

    def of(self, camera: str) -> PlaybackFeed | None:
        """The playback of a camera; None where it is shown live."""
        return self._feeds.get(camera)

    def ago_s(self, camera: str) -> float:
        """How far back a camera is played, in seconds; 0 live."""
        return self._ago_s.get(camera, 0.0)

    def back(self, camera: str, feed: Feed, by_s: float, size: tuple[int, int]) -> bool:
        """Play a camera from farther back, or from less far where `by_s` is negative; False where nothing is remembered of it.

        Less than a step back it is live again.
        """
        most_s = self.remembered_s(feed)
        if most_s < LEAST_S:
            return False
        ago_s = min(self.ago_s(camera) + by_s, most_s)
        if ago_s < LEAST_S:
            self.to_live(camera)
            return True
        playing = self._feeds.get(camera)
        if playing is not None:
            playing.seek(ago_s)
        else:
            playing = feed.play_back(ago_s, *size)  # type: ignore[attr-defined]
            if playing is None:
                return False
            self._feeds[camera] = playing
        self._ago_s[camera] = ago_s
        return True

    def to_live(self, camera: str) -> bool:
        """Show a camera live again; False where it was."""
        playing = self._feeds.pop(camera, None)
        self._ago_s.pop(camera, None)
        if playing is not None:
            playing.close()
        return playing is not None

    def keep_only(self, cameras: Collection[str]) -> None:
        """The past of any other camera is not shown any more."""
        for camera in [camera for camera in self._feeds if camera not in cameras]:
            self.to_live(camera)

    @staticmethod
    def remembered_s(feed: Feed) -> float:
        """How far back a stream can be played, in seconds; 0 where nothing of it is remembered."""
        remembered = getattr(feed, "remembered_s", None)
        return float(remembered()) if remembered is not None else 0.0
