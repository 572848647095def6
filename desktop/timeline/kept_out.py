"""Which actions of the key table are done while the map shows the past; plain data."""

from __future__ import annotations

IN_THE_PAST = frozenset(
    {
        *("home", "buildings", "metric", "point_out", "height", "raise_by", "layers", "legend", "minimap", "bookmarks"),
        *("measure", "goto", "basemap", "pick_area", "fit", "print_map", "briefing"),
        *("turn_left", "turn_right", "tilt_down", "tilt_up", "zoom_in", "zoom_out"),
        *("pan_up", "pan_down", "pan_left", "pan_right"),
        *("next", "previous", "open", "arrivals", "queue_next", "queue_previous", "card_down", "card_up", "find", "filter"),
        *("command", "back", "keys", "language", "theme", "sign_off", "seen", "alarms", "mute", "photos"),
        *("panel_board", "panel_map", "panel_card", "float_board", "float_card"),
        *("past", "live", "past_play", "past_back", "past_on", "past_slower", "past_faster", "past_track"),
    }
)
"""Actions that order nothing and show nothing of the present as if it were past."""
OF_PEOPLE_NOW = frozenset({"follow", "sight", "near", "pictures", "panel_pictures"})
"""Actions that show where people are, or what cameras see: of the past nobody knows."""
