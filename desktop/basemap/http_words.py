"""What a web server's answer means for a cache and for a map; plain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from gis_data.basemap.packed import gunzipped, is_gzip
from gis_data.basemap.source import Unreadable, Wrong

USUAL_S = 7 * 86_400.0
"""How long a tile is fresh where the service says nothing."""
MISSING_S = 86_400.0
LONGEST_S = 365 * 86_400.0
LONGEST_PAUSE_S = 600.0
MOST_TAG_LETTERS = 1_000


def fresh_for_s(headers: Mapping[str, str], now_s: float) -> float | None:
    """Seconds an answer may be used without asking again, 0 where it must be asked about; None where it may not be kept."""
    said = headers.get("cache-control", "").lower()
    if "no-store" in said:
        return None
    if "no-cache" in said:
        return 0.0
    age = re.search(r"max-age\s*=\s*\"?(\d{1,12})", said)
    if age is not None:
        return min(float(age[1]), LONGEST_S)
    if (expires := headers.get("expires")) is not None:
        try:
            return min(max(parsedate_to_datetime(expires).timestamp() - now_s, 0.0), LONGEST_S)
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return USUAL_S


def body_of(headers: Mapping[str, str], sent: bytes, most_bytes: int) -> bytes:
    """What was sent, unpacked where it came as gzip; raises Unreadable where it was packed otherwise, twice, or is too large.

    The library would unpack whatever it is told to, however often, before anybody sees how much it becomes.
    """
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise Unreadable(Wrong.DAMAGED)
    return gunzipped(sent, most_bytes) if packing.endswith("gzip") and is_gzip(sent) else sent


def tag_of(headers: Mapping[str, str], name: str) -> str:
    """A mark by which a tile is asked about later; empty where it is one that cannot be sent back, or a very long one."""
    said = headers.get(name, "")
    return said if said.isascii() and said.isprintable() and len(said) <= MOST_TAG_LETTERS else ""


def wrong_of(status: int) -> Wrong | None:
    """Why an answer brings no tile; None where it brings one, or says that it is the same."""
    if status in (200, 304):
        return None
    if status in (204, 404, 410):
        return Wrong.MISSING
    if status in (401, 403, 407, 418):  # Tianditu answers 418 to a key it does not know
        return Wrong.NO_ACCESS
    if status == 429 or status >= 500:
        return Wrong.BUSY
    return Wrong.REFUSED


def asked_pause_s(headers: Mapping[str, str]) -> float:
    """Seconds that a busy service asks to be left alone; 0 where it does not say."""
    said = headers.get("retry-after", "")
    return min(float(said), LONGEST_PAUSE_S) if said.isdigit() else 0.0
