"""The colours of the desk by role, night and day; nothing else in the desk names a colour.

Text holds 4.5:1 and marks hold 3:1 against every surface they stand on (tests/desktop/test_palette.py). A colour never
speaks alone: each severity and state has a shape of its own in `marks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class MapTokens:
    """What the map is drawn with; field by field the roles of desktop/map/colours.py."""

    ground: str
    inside: str
    land: tuple[str, ...]
    water: str
    water_edge: str
    road: tuple[str, ...]
    road_casing: str
    wall: str
    roof: str
    tall_roof: str
    grid_line: str
    community_line: str
    street_line: str
    load: tuple[str, ...]
    overdue_line: str
    text: str
    dim: str
    halo: str
    panel: str
    line: str
    focus: str
    worker: str
    worker_on_task: str
    worker_stale: str
    candidate: str
    camera: str
    camera_off: str
    urgency: tuple[str, str, str]
    severity: tuple[str, str, str, str]
    track: tuple[str, ...]
    """Early to late, or slow to fast: lighter and lighter by night, darker and darker by day."""
    track_own: tuple[str, ...]
    """One for each of several tracks."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: every colour of the desk as #RRGGBB, by what it says."""

    name: str
    ground: str
    panel: str
    raised: str
    line: str
    edge: str
    """Outline of things one can press or type into (3:1)."""
    text: str
    dim: str
    focus: str
    chosen: str
    """Ground of the selected row."""
    go: str
    """Ground of the one button that sends."""
    go_hover: str
    on_go: str
    severity: tuple[str, str, str, str]
    """Ⅰ to Ⅳ, as marks."""
    immediate: str
    """特急 and 超时 as words."""
    urgent: str
    """紧急 and warnings as words."""
    live: str
    """Live, connected, on duty, as words and marks."""
    wash: str
    """Ground of the offline top bar; carries `text`."""
    past: str
    """Frame, line and ground of the word that tell the past from the present; carries `on_past`."""
    on_past: str
    map: MapTokens

    def surfaces(self) -> tuple[str, ...]:
        """What text and marks may stand on."""
        return (self.ground, self.panel, self.raised, self.chosen)

    def words(self) -> tuple[str, ...]:
        """Colours text is written in on any surface."""
        return (self.text, self.dim, self.immediate, self.urgent, self.live, self.focus)

    def marks(self) -> tuple[str, ...]:
        """Colours shapes and outlines of controls are drawn in on any surface."""
        return (*self.severity, self.edge, self.focus, self.live, self.past)


PAPER = "#FFFFFF"
"""What is printed on."""

NIGHT = Palette(
    name="night",
    ground="#10141A",
    panel="#181E26",
    raised="#212935",
    line="#2D3743",
    edge="#6E7D90",
    text="#E8EDF3",
    dim="#98A5B4",
    focus="#6CB2FF",
    chosen="#243348",
    go="#2467B2",
    go_hover="#2E74C2",
    on_go="#FFFFFF",
    severity=("#E5484D", "#F2762E", "#F0C419", "#4C9BE8"),
    immediate="#FF8078",
    urgent="#F5A54A",
    live="#4CC38A",
    wash="#5A3A0A",
    past="#C79BFF",
    on_past="#1B0B33",
    map=MapTokens(
        ground="#10141A",
        inside="#171D25",
        land=("#1A2420", "#192029", "#1C2027", "#1B2219"),
        water="#12283B",
        water_edge="#1D3A52",
        road=("#4A5563", "#414B58", "#363F4B", "#2C343F", "#272E38"),
        road_casing="#11161C",
        wall="#1A212A",
        roof="#3A4855",
        tall_roof="#526377",
        grid_line="#3B4857",
        community_line="#5A6B7E",
        street_line="#8496AA",
        load=("#171D25", "#1E2B38", "#25394A", "#2F495D", "#3C5C72", "#4D7088"),
        overdue_line="#C9793F",
        text="#E8EDF3",
        dim="#98A5B4",
        halo="#0B0F14",
        panel="#181E26",
        line="#2D3743",
        focus="#6CB2FF",
        worker="#6FB5A0",
        worker_on_task="#D9B65C",
        worker_stale="#7D8894",
        candidate="#7BE0BE",
        camera="#71849A",
        camera_off="#8F7373",
        urgency=("#A9B8C8", "#F0A53C", "#FF6B5C"),
        severity=("#E5484D", "#F2762E", "#F0C419", "#4C9BE8"),
        track=("#7E7BEA", "#5F9BEF", "#45B8DA", "#4FD0B0", "#9BE07A", "#F5E663"),
        track_own=("#56B4E9", "#E69F00", "#2FBF8F", "#F0E442", "#D98CC0", "#F08A5D"),
    ),
)

DAY = Palette(
    name="day",
    ground="#EDF0F4",
    panel="#FBFCFD",
    raised="#F1F4F8",
    line="#CFD7E1",
    edge="#74818F",
    text="#17202B",
    dim="#4E5B6A",
    focus="#0B5CAD",
    chosen="#DCE8F6",
    go="#0B5CAD",
    go_hover="#0A4F96",
    on_go="#FFFFFF",
    severity=("#CE2C31", "#C2500E", "#8F7000", "#1F6FBF"),
    immediate="#B3161C",
    urgent="#8A4300",
    live="#0F6B42",
    wash="#FFD79A",
    past="#7A2BBF",
    on_past="#FFFFFF",
    map=MapTokens(
        ground="#DDE3EA",
        inside="#F4F6F9",
        land=("#DFEBD9", "#E8ECEF", "#EFEAE2", "#E3EDDD"),
        water="#BFDDF2",
        water_edge="#8FBBDA",
        road=("#FFFFFF", "#FFFFFF", "#FDFDFD", "#FAFBFC", "#F6F8FA"),
        road_casing="#C3CCD6",
        wall="#A9B5C2",
        roof="#CED7E0",
        tall_roof="#BBC7D4",
        grid_line="#AAB6C3",
        community_line="#7F8E9E",
        street_line="#56677A",
        load=("#F4F6F9", "#E3ECF4", "#CFDFEC", "#B7CFE2", "#9ABAD3", "#7BA3C2"),
        overdue_line="#B5561A",
        text="#17202B",
        dim="#4E5B6A",
        halo="#FFFFFF",
        panel="#FBFCFD",
        line="#CFD7E1",
        focus="#0B5CAD",
        worker="#2B7F66",
        worker_on_task="#8A6400",
        worker_stale="#7C8793",
        candidate="#00795A",
        camera="#64778B",
        camera_off="#8C7171",
        urgency=("#5D6E80", "#B86200", "#C4221C"),
        severity=("#CE2C31", "#C2500E", "#8F7000", "#1F6FBF"),
        track=("#8A8700", "#4A8A2C", "#157E67", "#1B6A8C", "#3A4FA0", "#4A1F7A"),
        track_own=("#0072B2", "#9C6500", "#007A5A", "#6E6A00", "#A3457F", "#B8480A"),
    ),
)

THEMES: dict[str, Palette] = {"night": NIGHT, "day": DAY}


def colours_of(palette: Palette) -> dict[str, str]:
    """Every single colour of a palette by its role, the map's aside."""
    return {
        item.name: value
        for item in fields(palette)
        if isinstance(value := getattr(palette, item.name), str) and value.startswith("#")
    }


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, 0 to 1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
