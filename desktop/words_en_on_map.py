"""English texts of the desk: what is done on the map by hand - going to places, views kept."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # coordinates
    "find.coordinates": "Coordinates",
    "coordinates.which": "two ways to read it, choose one",
    "coordinates.far": "{said} is {far} from this district: the map has nothing there.",
    "coordinates.no_numbers": "There is no number: longitude and latitude, as 120.2123 30.2741.",
    "coordinates.one_number": "Only one number, “{said}”: a place has two, as 120.2123 30.2741.",
    "coordinates.too_many": "Too many numbers: two, or degrees, minutes and seconds of two.",
    "coordinates.not_numbers": "“{said}” is no part of coordinates: numbers, degree marks and N S E W are.",
    "coordinates.no_latitude": "“{said}” has no latitude: that is at most 90 degrees.",
    "coordinates.off_earth": "“{said}” is out of range: longitude at most 180 degrees, latitude at most 90.",
    "coordinates.sixty": "“{said}” has 60 or more minutes or seconds: please check.",
    "coordinates.fraction": "“{said}” has a fraction, and minutes or seconds after it: one or the other.",
    "coordinates.same_axis": "“{said}”: both are of one axis; one longitude and one latitude, please.",
    "coordinates.sign_and_side": "“{said}” has a minus sign and a letter: keep one.",
    "coordinates.two_sides": "The letter “{said}” stands in the wrong place: before both numbers or after both.",
    "coordinates.two_datums": "Two datums are named; it can be one only.",
    "coordinates.other_datum": "“{said}” cannot be converted: WGS84, CGCS2000 or GCJ02 (Amap, Tencent), please.",
    "coordinates.projected_datum": "Coordinates in metres are CGCS2000, never another datum.",
    "coordinates.projected_range": "“{said}” fits no 3-degree zone: east 250 to 750 km (zone first or not), north 300 to 6200.",
    "line.coordinates_which": "“{said}” can be read in two ways: {names}",
    # measuring
    "action.measure": "Measure",
    "measure.m": "{number} m",
    "measure.km": "{number} km",
    "measure.mu": "{number} mu",
    "measure.m2": "{number} m² ({mu})",
    "measure.km2": "{number} km² ({mu})",
    "measure.begin": "Measure: point at the first place",
    "measure.way": "{length} · {count} places",
    "measure.ring": "{area} inside · {length} around",
    "measure.crosses": "the edge crosses itself: no area · {length} around",
    "measure.keys": "Click, Space: put · arrows: move · Backspace: undo · first place, Shift+Enter: close · Enter: end · Esc",
    "measure.done": "along geodesics · Esc takes it away · Ctrl+R measures again",
    # views kept by name
    "action.bookmarks": "Views",
    "bookmarks.title": "Views kept by name",
    "bookmarks.hint": "A name: finds one, or keeps the view of now",
    "bookmarks.keep": "＋ keep the view of now as “{name}”",
    "bookmarks.replace": "＋ replace “{name}” by the view of now",
    "bookmarks.restore": "bring back “{name}”",
    "bookmarks.keys": "↑ ↓ choose · Enter goes there · Delete forgets · Esc closes",
    "bookmarks.empty": "None yet: type a name, Enter keeps the view of now.",
    "bookmarks.full": "There are {count} already; forget one first.",
}
