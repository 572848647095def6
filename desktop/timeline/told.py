"""What is said of the past: periods, and how an incident stood after its last step; plain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from desktop.dispatch.case_view import state_text
from desktop.map.tracks import GAP_S, Track
from desktop.phrases import SHANGHAI, span, step_line, title_of
from desktop.timeline.past import Past
from desktop.words import Words
from governance.incident import Case
from governance.rules import Rules

MOST_NAMED = 3


def period_text(since: datetime, until: datetime) -> str:
    """A period as it is shown: 11-30 14:00 – 16:00."""
    first, last = since.astimezone(SHANGHAI), until.astimezone(SHANGHAI)
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%m-%d %H:%M}"
    return f"{first:%m-%d %H:%M} – {end}"


def name_told(words: Words, past: Past, key: str, details: Mapping[str, str]) -> str:
    """A period with what it is called, and how many incidents of it are not whole."""
    cut = words("past.cut", count=len(past.cut)) if past.cut else ""
    said = (period_text(past.since, past.until), words(key, **details) if key else "", cut)
    return words("sep").join(part for part in said if part)


def cut_told(words: Words, past: Past) -> str:
    """Which incidents the server told only the first of, for they are too large; empty where it told all."""
    if not past.cut:
        return ""
    numbers = past.cut_numbers()
    more = words("past.cut.more", count=len(past.cut)) if len(numbers) < len(past.cut) or len(numbers) > MOST_NAMED else ""
    return words("past.cut.which", numbers=words("list").join(numbers[:MOST_NAMED]) + more)


def track_told(words: Words, track: Track) -> str:
    """From when to when a track reaches, of how many fixes, with how many gaps: 李建国 11-30 08:02–09:47 …"""
    between_s = np.diff(track.at_s)
    gaps = between_s[between_s > GAP_S]
    key = "past.track.told.gaps" if len(gaps) else "past.track.told"
    longest = span(words, float(gaps.max())) if len(gaps) else ""
    first, last = (datetime.fromtimestamp(at_s, SHANGHAI) for at_s in (track.at_s[0], track.at_s[-1]))
    end = f"{last:%H:%M:%S}" if first.date() == last.date() else f"{last:%m-%d %H:%M:%S}"
    reach = f"{first:%m-%d %H:%M:%S} – {end}"
    return words(key, name=track.name, reach=reach, count=f"{len(track):,}", gaps=len(gaps), longest=longest)


def last_step(words: Words, rules: Rules, case: Case, at_s: float) -> str:
    """What a change was, at its moment: 14:30:12  0147 燃气泄漏 · 处置中 · 李建国 — 接单 · 李建国."""
    number = case.incident.number.rpartition("-")[2]
    stands = f"{number} {title_of(words, rules, case)}{words('sep')}{state_text(words, case)}"
    step = f" — {step_line(words, case.steps[-1])}" if case.steps else ""
    return f"{datetime.fromtimestamp(at_s, SHANGHAI):%H:%M:%S}  {stands}{step}"
