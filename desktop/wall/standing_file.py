"""What a wall showed last, kept on its machine: after a restart it is there again before the server has spoken."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import msgspec

from desktop.settings import DeskFolder
from governance.refusal import Refused
from governance.wall import WallStanding
from governance.wall_layouts import require_sound

NAME = "wall"
_standings = msgspec.json.Decoder(WallStanding)

log = logging.getLogger(__name__)


class StandingFile:
    """One file in the folder of the display. Main thread only."""

    def __init__(self, folder: DeskFolder, code: str) -> None:
        """Of the wall with this code."""
        self._folder, self._code = folder, code
        self._kept: WallStanding | None = None
        self.aside = ""
        """The name of a damaged file that was set aside; empty where none was."""
        self.kept_at: datetime | None = None
        """When what was read had been kept; aware UTC, by the clock of this machine. None where nothing was."""

    def read(self) -> WallStanding | None:
        """How the wall stood last; None where nothing is kept, or what is kept is damaged: then it is set aside."""
        fields = self._folder.read(NAME)
        try:
            found = _standings.decode(json.dumps(fields)) if fields else None
            if found is not None:
                require_sound(found.layout)
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError, Refused) as problem:
            log.warning("the kept layout is damaged and set aside: %s", str(problem)[:200])
            path = self._folder.home / f"{NAME}.json"
            path.replace(path.with_suffix(".unreadable"))
            self.aside = path.with_suffix(".unreadable").name
            return None
        if self._folder.set_aside:
            self.aside = self._folder.set_aside[-1][1].name
            log.warning("the kept layout is damaged and set aside: %s", self.aside)
        if found is None or found.wall.code != self._code:
            return None
        self._kept = found
        self.kept_at = datetime.fromtimestamp((self._folder.home / f"{NAME}.json").stat().st_mtime, UTC)
        return found

    def keep(self, standing: WallStanding) -> None:
        """Keep how the wall stands; nothing is written where that is as before."""
        if standing != self._kept:
            self._kept = standing
            self._folder.write(NAME, json.loads(msgspec.json.encode(standing)))
