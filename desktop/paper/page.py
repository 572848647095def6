"""A briefing as one page of HTML with its own map, that asks nothing of any network; folium and Leaflet."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import Any

from desktop.map.scene import Geometry
from desktop.paper.around import names_around, town_around
from desktop.paper.brief import Brief, Section, Spot
from desktop.phrases import SHANGHAI
from desktop.style.palette import DAY
from desktop.words import Words

LEAFLET = Path(__file__).parent / "leaflet"
"""Leaflet 1.9.4 as its makers publish it, with its licence."""
MOST_NAMES = 120
KEPT_OUT = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What the browser itself keeps the page from: anything that is not in it."""
ATTRIBUTION = re.compile(r"https?://leafletjs\.com")
REMARKS = re.compile(r"/\*(?!\s*@preserve).*?\*/", re.S)
STYLE = f"""
 body {{ font: 15px/1.55 "WenQuanYi Micro Hei", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: {DAY.text};
   background: {DAY.panel}; }}
 header, main, footer {{ max-width: 1100px; margin: 0 auto; padding: 0 24px; }}
 h1 {{ font-size: 22px; margin: 20px 0 2px; }}
 h2 {{ font-size: 16px; margin: 26px 0 6px; border-bottom: 1px solid {DAY.line}; padding-bottom: 4px; }}
 .dim, footer {{ color: {DAY.dim}; font-size: 13px; }}
 .then {{ position: sticky; top: 0; z-index: 2000; margin: 0; padding: 9px 24px; text-align: center; font-size: 19px;
   font-weight: 700; color: {DAY.on_past}; background: {DAY.past}; print-color-adjust: exact; }}
 .secret {{ color: {DAY.immediate}; font-weight: 600; }}
 .plan {{ max-width: 1100px; height: 560px; margin: 14px auto 0; border: 1px solid {DAY.line}; }}
 .plan.past {{ border: 5px dashed {DAY.past}; }}
 .leaflet-container {{ background: {DAY.map.inside}; font: inherit; }}
 table {{ border-collapse: collapse; width: 100%; }}
 td {{ vertical-align: top; padding: 3px 14px 3px 0; }}
 td:first-child {{ color: {DAY.dim}; white-space: nowrap; width: 1%; }}
 .leaflet-tooltip.area {{ color: {DAY.dim}; font-size: 12px; background: none; border: 0; box-shadow: none; padding: 0;
   text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff; }}
 .leaflet-control-scale-line:nth-child(2) {{ display: none; }}
 .key span {{ display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin: 0 5px 0 16px; }}
 .key .ring {{ width: 5px; height: 5px; border: 2px solid; margin-bottom: 1px; }}
 footer {{ margin: 28px auto 36px; border-top: 1px solid {DAY.line}; padding-top: 8px; }}
 @media print {{ .then {{ position: static; border: 2px solid {DAY.past}; }} }}
 @media print {{ .plan {{ height: 420px; page-break-inside: avoid; }} h2 {{ page-break-after: avoid; }} }}
"""


def page_of(brief: Brief, geometry: Geometry, words: Words, source: str) -> str:
    """The whole page. `source` names where the map comes from; empty where nobody has to be named."""
    from folium import Map  # not before a page is made: folium and what it needs take a while

    class PlainMap(Map):
        default_js: list[tuple[str, str]] = []  # noqa: RUF012
        default_css: list[tuple[str, str]] = []  # noqa: RUF012

    west, south, east, north = _corners(brief, geometry)
    plan = PlainMap(
        [(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=16,
        max_zoom=20,
        prefer_canvas=True,
        control_scale=True,
        attribution_control=False,
        zoom_snap=0.25,
    )
    figure: Any = plan.get_root()
    figure.title = escape(" · ".join(part for part in (brief.then, brief.title) if part))
    _draw_town(plan, geometry, brief)
    _draw_spots(plan, brief)
    plan.fit_bounds([[south, west], [north, east]])
    before, body, rest = str(figure.render()).partition("<body>")
    within, end, after = rest.partition("</body>")
    before = before.replace("<head>", f"<head>{_head()}", 1)
    head, text = _header(brief, words), f"{_key(words)}{_text(brief, words, source)}"
    plan_class = "plan past" if brief.then else "plan"
    return f'{before}{body}{head}<div class="{plan_class}">{within}</div>{text}{end}{after}'


def _head() -> str:
    """The rule for the browser, Leaflet's script, and all styles with their pictures inside."""
    script = (LEAFLET / "leaflet.js").read_text("utf-8").split("//# sourceMappingURL=")[0]
    style = REMARKS.sub("", (LEAFLET / "leaflet.css").read_text("utf-8"))
    style = re.sub(r"url\((images/[\w.-]+)\)", lambda found: f"url({_picture(found[1])})", style)
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{KEPT_OUT}"><meta name="referrer" content="no-referrer">'
        f"<script>{ATTRIBUTION.sub('leafletjs.com', script)}</script>"
        f"<style>{style}</style><style>{STYLE}</style>"
    )


def _picture(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode((LEAFLET / name).read_bytes()).decode()


def _corners(brief: Brief, geometry: Geometry) -> tuple[float, float, float, float]:
    """West, south, east, north of the box in degrees."""
    west, south, east, north = brief.box
    (left, low), (right, high) = geometry.plane.to_lonlat([west, east], [south, north]).tolist()
    return left, low, right, high


def _draw_town(plan: Any, geometry: Geometry, brief: Brief) -> None:
    from folium import CircleMarker, GeoJson, Tooltip

    for name, layer in town_around(geometry, brief.box).items():
        GeoJson(layer, name=name, smooth_factor=0.5, interactive=False).add_to(plan)
    for _code, label, lon, lat in names_around(geometry, brief.box)[:MOST_NAMES]:
        said = Tooltip(_in_script(label), sticky=False, permanent=True, direction="center", class_name="area")
        CircleMarker([lat, lon], radius=1, stroke=False, fill=False, interactive=False, tooltip=said).add_to(plan)


def _draw_spots(plan: Any, brief: Brief) -> None:
    from folium import CircleMarker, Tooltip

    colours = DAY.map
    for camera in brief.cameras:
        ink = colours.camera_off if camera.is_off else colours.camera
        style: dict[str, Any] = {
            "radius": 4,
            "color": ink,
            "weight": 2,
            "fill": True,
            "fill_color": colours.halo,
            "fill_opacity": 1,
        }
        CircleMarker(_at(camera), tooltip=Tooltip(_tip(camera)), **style).add_to(plan)
    for pin in sorted(brief.pins, key=lambda each: (each.is_subject, each.urgency)):
        edge = DAY.focus if pin.is_subject else colours.overdue_line if pin.is_overdue else colours.halo
        style = {
            "radius": 11 if pin.is_subject else 7,
            "color": edge,
            "weight": 4 if pin.is_subject else 2,
            "fill": True,
            "fill_color": colours.urgency[min(pin.urgency, 2)],
            "fill_opacity": 1,
        }
        CircleMarker(_at(pin), tooltip=Tooltip(_tip(pin)), **style).add_to(plan)


def _at(spot: Spot) -> list[float]:
    return [round(spot.place.lat, 6), round(spot.place.lon, 6)]


def _tip(spot: Spot) -> str:
    return "<br>".join(map(_in_script, spot.said))


def _in_script(text: str) -> str:
    """A text in HTML inside a template literal: no character of it means anything to either."""
    return escape(text).replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;").replace("{", "&#123;")


def _header(brief: Brief, words: Words) -> str:
    at = brief.made_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    secret = f'<p class="secret">{escape(words("paper.confidential"))}</p>' if brief.is_confidential else ""
    line = words("sep").join((words("brief.made", at=at), brief.made_by))
    then = f'<p class="then">{escape(brief.then)}</p>' if brief.then else ""
    return f'{then}<header><h1>{escape(brief.title)}</h1>{secret}<p class="dim">{escape(line)}</p></header>'


def _key(words: Words) -> str:
    """What the dots mean."""
    colours = DAY.map
    inks = [(colours.urgency[number], words(f"urgency.{number}")) for number in (2, 1, 0)]
    rings = [(colours.camera, words("brief.camera")), (colours.camera_off, words("brief.camera_off"))]
    said = "".join(f'<span style="background:{ink}"></span>{escape(what)}' for ink, what in inks)
    said += "".join(f'<span class="ring" style="border-color:{ink}"></span>{escape(what)}' for ink, what in rings)
    return f'<main><p class="dim key">{escape(words("brief.key"))}{said}</p></main>'


def _text(brief: Brief, words: Words, source: str) -> str:
    sections = "".join(_section(each) for each in (brief.facts, *brief.sections))
    foot = " · ".join(part for part in (words("paper.datum"), source, words("brief.left_out")) if part)
    return f"<main>{sections}</main><footer>{escape(foot)}</footer>"


def _section(section: Section) -> str:
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{escape(said)}</td></tr>" for name, said in section.rows)
    return f"<section><h2>{escape(section.heading)}</h2><table>{rows}</table></section>"
