"""English texts of the desk: tracks on the map, and the floor an incident is on."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "track.fix": "{name} · {at}",
    "track.speed": "{pace}, {speed} km/h",
    "track.pace.0": "standing",
    "track.pace.1": "walking",
    "track.pace.2": "cycling",
    "track.pace.3": "in traffic",
    "track.pace.4": "driving",
    "track.pace.5": "driving fast",
    "track.unseen": "no position for {span} after this",
    "track.last": "the last position",
}
