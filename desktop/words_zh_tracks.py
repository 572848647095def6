"""Chinese texts of the desk: tracks on the map, and the floor an incident is on."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "track.fix": "{name} · {at}",
    "track.speed": "{pace} {speed} 公里/时",
    "track.pace.0": "停留",
    "track.pace.1": "步行",
    "track.pace.2": "骑行",
    "track.pace.3": "车行",
    "track.pace.4": "车行",
    "track.pace.5": "快速行驶",
    "track.unseen": "其后 {span} 没有定位",
    "track.last": "最后一个定位",
}
