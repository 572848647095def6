"""Looks at a file or an address somebody typed and says what is there, in a thread of its own: a service may take its time."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImageReader

from desktop.basemap import chosen as choices
from desktop.basemap.chosen import Chosen
from desktop.basemap.http_words import body_of, wrong_of
from desktop.basemap.network import MOST_REDIRECTS, SAYS_WHO, TIMEOUT_S, WHOLE_OF_TIMEOUT, no_cookies
from gis_data.basemap.address import checked, filled, is_in_degrees, is_template, likely_datum
from gis_data.basemap.files import open_tiles
from gis_data.basemap.packed import gunzipped, is_gzip
from gis_data.basemap.source import MOST_TILE_BYTES, Kind, Unreadable, Wrong, is_markup, is_picture
from gis_data.basemap.squares import Square, plain_degrees, web_mercator
from gis_data.basemap.vector_tile import read_vector_tile
from gis_data.basemap.wmts import MOST_CAPABILITIES_BYTES, read_offers
from gis_data.datum import Datum
from governance.places import LonLat

LEVELS_TRIED = (14, 12, 10, 16, 8, 5)
COARSEST, FINEST, FINEST_VECTOR = 7, 20, 16
"""Between these levels it is found out where a service has tiles of the town, by asking for one of each."""

log = logging.getLogger("desktop.basemap")


@dataclass(frozen=True, slots=True)
class Found:
    """What was typed, and what is there: one basemap, of a WMTS one for each layer and cut; else why there is none."""

    typed: str
    choices: tuple[Chosen, ...] = ()
    why: Wrong | None = None
    said: str = ""


class Probe(QObject):
    """One look at a time: another one makes the first one's answer void. Main thread only."""

    found = Signal(object)
    """Found, for what was asked last."""
    _answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        """Nothing is looked at."""
        super().__init__(parent)
        self._asked = ""
        self._answered.connect(self._take)

    def look(self, typed: str, around: LonLat) -> None:
        """Look at a file or an address; of a service a tile near a place is asked for."""
        self._asked = typed.strip()
        answered = self._answered
        threading.Thread(target=_run, args=(self._asked, around, answered), name="basemap probe", daemon=True).start()

    def forget(self) -> None:
        """Whatever comes is not waited for any more."""
        self._asked = ""

    def _take(self, found: Found) -> None:
        if found.typed == self._asked:
            self.found.emit(found)


def _run(typed: str, around: LonLat, answered: object) -> None:
    try:
        found = Found(typed, probed(typed, around))
    except Unreadable as problem:
        found = Found(typed, (), problem.why, problem.said)
    except Exception as bug:
        log.error("a basemap could not be looked at: %s", type(bug).__name__)
        found = Found(typed, (), Wrong.REFUSED)
    try:
        answered.emit(found)  # type: ignore[attr-defined]
    except RuntimeError:
        return  # the form is gone meanwhile


def probed(typed: str, around: LonLat) -> tuple[Chosen, ...]:
    """What is there; raises Unreadable with the one reason why nothing is."""
    if "://" not in typed:
        path = Path(typed).expanduser()
        file = open_tiles(path)
        about = file.about
        file.close()
        return (Chosen(path=str(path.absolute()), name=about.name, kind=about.kind, lowest=about.lowest, highest=about.highest,
                       bounds=about.bounds, attribution=about.attribution),)  # fmt: skip
    address = checked(typed)
    with httpx.Client(headers=SAYS_WHO, timeout=TIMEOUT_S, cookies=no_cookies(), verify=ssl.create_default_context()) as client:
        if is_template(address):
            return (_template(client, address, around),)
        offers = read_offers(_got(client, address, MOST_CAPABILITIES_BYTES), address)
    return tuple(choices.of_offer(address, offer, likely_datum(address)) for offer in offers)


def _template(client: httpx.Client, address: str, around: LonLat) -> Chosen:
    """The service of a template: which kind its tiles are is seen from one of them."""
    cut = (plain_degrees if is_in_degrees(address) else web_mercator)()
    first: Unreadable | None = None

    def tile_at(level: int) -> tuple[Kind, int]:
        columns, rows = cut.covering([(around.lon, around.lat)], level, Datum.WGS84)
        tile = _got(client, filled(address, cut, Square(level, columns[0], rows[0])), MOST_TILE_BYTES)
        return _kind(gunzipped(tile) if is_gzip(tile) else tile)

    for level in LEVELS_TRIED:
        try:
            kind, tile_px = tile_at(level)
        except Unreadable as problem:
            first = first or problem
            if problem.why is not Wrong.MISSING:
                break
            continue
        made = choices.of_template(address, kind, tile_px, likely_datum(address))
        finest = FINEST if kind is Kind.PICTURE else FINEST_VECTOR
        lowest, highest = (
            _last(tile_at, range(level - 1, COARSEST - 1, -1), level),
            _last(tile_at, range(level + 1, finest + 1), level),
        )
        return replace(made, lowest=lowest if lowest > COARSEST else 0, highest=highest)
    assert first is not None
    raise first


def _last(tile_at: Callable[[int], object], levels: Iterable[int], known: int) -> int:
    """The last of some levels that has a tile, each after the one before; `known` where none has."""
    for level in levels:
        try:
            tile_at(level)
        except Unreadable:
            return known
        known = level
    return known


def _kind(tile: bytes) -> tuple[Kind, int]:
    if is_picture(tile):
        buffer = QBuffer(data := QByteArray(tile))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        height = QImageReader(buffer).size().height()
        del data
        return Kind.PICTURE, height if height in (256, 512) else 256
    if is_markup(tile) or not tile:
        raise Unreadable(Wrong.NOT_A_TILE)
    read_vector_tile(tile)
    return Kind.VECTOR, 512


def _got(client: httpx.Client, address: str, most_bytes: int) -> bytes:
    """The body of an answer; raises Unreadable."""
    try:
        request, until_s = client.build_request("GET", address), time.monotonic() + WHOLE_OF_TIMEOUT * TIMEOUT_S
        for _ in range(1 + MOST_REDIRECTS):
            answer = client.send(request, stream=True)
            try:
                if answer.next_request is None:
                    return _body(answer, most_bytes, until_s)
                request = answer.next_request
            finally:
                answer.close()
        raise Unreadable(Wrong.NOT_A_TILE)
    except httpx.TimeoutException:
        raise Unreadable(Wrong.TIMEOUT) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        raise Unreadable(Wrong.OFFLINE if isinstance(problem, httpx.TransportError | OSError) else Wrong.REFUSED) from None


def _body(answer: httpx.Response, most_bytes: int, until_s: float) -> bytes:
    if (why := wrong_of(answer.status_code)) is not None or answer.status_code == 304:
        raise Unreadable(why or Wrong.REFUSED, str(answer.status_code))
    sent = bytearray()
    for piece in answer.iter_raw():
        sent += piece
        if len(sent) > most_bytes:
            raise Unreadable(Wrong.TOO_LARGE)
        if time.monotonic() > until_s:
            raise Unreadable(Wrong.TIMEOUT)
    return body_of(answer.headers, bytes(sent), most_bytes)
