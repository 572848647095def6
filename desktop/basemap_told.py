"""What is said of the basemap: whose it is, how old what it shows, what is wrong; plain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop.basemap.chosen import Chosen
from desktop.phrases import moment_text
from desktop.words import Words
from gis_data.basemap.source import WHOLE_EARTH, About, Kind, Wrong
from gis_data.basemap.squares import Projection
from governance.places import LonLat

LONGEST_NAME = 40
MOST_READ = 2_000
"""Letters of a name or an attribution that are looked at, with what markup is in them."""
NEAR_DEG = 0.2
"""So far beyond its bounds a basemap may still be of a town."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line below the map: whose, and what is wrong, if anything."""

    source: str
    wrong: str
    both: str


def told(
    words: Words, about: About, failing: Wrong | None, oldest: datetime | None, shows_anything: bool, now: datetime
) -> Told:
    """What is said of a basemap. `oldest` is when the oldest tile in the view was fetched, None for a file."""
    owner = plain(about.attribution)
    source = (
        words("basemap.source", name=plain(about.name), owner=owner) if owner else words("basemap.of", name=plain(about.name))
    )
    wrong = ""
    if failing is not None:
        why = words(f"basemap.wrong.{failing}")
        if oldest is not None and shows_anything:
            wrong = words("basemap.failing.cached", why=why, at=moment_text(oldest, now))
        else:
            wrong = words("basemap.failing", why=why)
    return Told(source, wrong, " · ".join(part for part in (source, wrong) if part))


def counts_told(words: Words, counts: Mapping[Wrong, int]) -> str:
    """How often what went wrong; empty where nothing did."""
    said = [words("basemap.count", what=words(f"basemap.count.{why}"), number=number) for why, number in sorted(counts.items())]
    return words("basemap.counts", counts=words("sep").join(said)) if said else ""


def named(words: Words, chosen: Chosen) -> str:
    """One layer of several, with how it is cut."""
    degrees = chosen.about().cut.projection is Projection.DEGREES
    return f"{plain(chosen.name)} · {words('basemap.cut.degrees' if degrees else 'basemap.cut.mercator')}"


def described(words: Words, choices: Sequence[Chosen], here: LonLat | None) -> str:
    """What was found; of several layers their number. `here` is where the town lies."""
    if len(choices) > 1:
        return words("basemap.offers", count=len(choices))
    (chosen,) = choices
    kind = words("basemap.vector" if chosen.kind is Kind.VECTOR else "basemap.picture")
    parts = [plain(chosen.name), kind, words("basemap.levels", low=chosen.lowest, high=chosen.highest)]
    if chosen.bounds != WHOLE_EARTH:
        west, south, east, north = chosen.bounds
        parts.append(f"{west:.3f}–{east:.3f}°E {south:.3f}–{north:.3f}°N")
        if here is not None and not (
            west - NEAR_DEG <= here.lon <= east + NEAR_DEG and south - NEAR_DEG <= here.lat <= north + NEAR_DEG
        ):
            parts.append(words("basemap.elsewhere"))
    return words("sep").join(part for part in (*parts, plain(chosen.attribution)) if part)


def plain(text: str) -> str:
    """A name or an attribution without markup, no longer than fits: files carry links in HTML."""
    bare = " ".join(re.sub(r"<[^>]{0,300}>", "", text[:MOST_READ]).replace("&copy;", "©").replace("&amp;", "&").split())
    return bare if len(bare) <= LONGEST_NAME else f"{bare[: LONGEST_NAME - 1]}…"
