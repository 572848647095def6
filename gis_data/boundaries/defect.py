"""What may be wrong with a layer of boundaries, and from which size on it is called what."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import shapely


class Kind(StrEnum):
    """Kinds of defects, the gravest first."""

    INVALID = "invalid"
    """A ring that crosses or touches itself, repeats a vertex or runs unlike the others; no polygon at all."""
    SPIKE = "spike"
    """A boundary that runs out and back on itself."""
    DUPLICATE = "duplicate"
    """Several areas with the same boundary."""
    OVERLAP = "overlap"
    SLIVER_OVERLAP = "sliver_overlap"
    GAP = "gap"
    SLIVER_GAP = "sliver_gap"
    MISSING = "missing"
    """A gap of the size and shape of an area."""
    UNNODED = "unnoded"
    """Neighbours whose boundaries run along each other but do not share every vertex."""
    OUTSIDE_PARENT = "outside_parent"
    CODE = "code"
    MULTIPART = "multipart"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """From which size on a defect is called what, in metres."""

    sliver_m: float = 1.0
    """Gaps and overlaps narrower than this on average are slivers."""
    hairline_m: float = 0.02
    """Narrower still, and the neighbours merely lack each other's vertices."""
    spike_deg: float = 1.15
    """A boundary that turns back this sharply, and is narrower than a sliver where its shorter leg ends, is a spike."""
    missing_share: float = 0.25
    """A gap with this share of the median area, and as compact as a square is to 1/3, is a missing area."""
    compact: float = 0.25


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong, and where."""

    kind: Kind
    features: tuple[int, ...]
    """Positions in the layer, from 0, those most concerned first."""
    at: tuple[float, float] | None
    """Longitude and latitude, WGS 84; None where the feature has no place."""
    area_m2: float = 0.0
    """On the ellipsoid."""
    why: str = ""
    """A key of WHY."""
    figures: dict[str, float | int | str] = field(default_factory=dict)
    """What the sentence of `why` says."""
    shape: shapely.Geometry | None = field(default=None, compare=False, repr=False)
    """The ground concerned in lattice millimetres, of gaps, overlaps and what stands out."""


WHY = (
    "empty", "no_area", "not_numbers", "off_earth", "ring", "repeated", "turned", "spike", "same", "width", "hole", "loose",
    "parent_of_other", "parent_none", "parts", "code_twice", "code_length", "code_letters", "code_prefix", "code_empty",
)  # fmt: skip
"""Why something is a defect, each said in one sentence."""
