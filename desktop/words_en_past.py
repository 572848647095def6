"""English texts of the desk: the past - the timeline, tracks, and what the server refuses about them."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # refusals
    "refused.past_too_long": "At most {days} days are replayed at once: choose a shorter period.",
    "refused.past_too_wide": "There is too much in this period to be read in time: choose a shorter one and try again.",
    "refused.track_too_long": "At most {days} days of a track are replayed at once: choose a shorter period.",
    "refused.track_too_old": "Tracks are kept for {days} days only: choose a later period.",
    "refused.track_too_many": "There are more than {most} positions in this period: choose a shorter one.",
    "refused.reason_too_short": "Say why you look at this track (at least {letters} letters): it is put on record.",
    "refused.reason_too_long": "The reason is too long: at most {letters} letters.",
    "refused.ask_track_again": "That look at the track is over: give the reason again.",
}
