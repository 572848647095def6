"""Tiles of a service come from a real server over a real socket; whatever goes wrong has a name, a pause and an end."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bench.tiles_written import png
from desktop.basemap import probing
from desktop.basemap.http_words import USUAL_S, fresh_for_s, wrong_of
from desktop.basemap.network import AT_ONCE, Brought, Network
from gis_data.basemap.source import Kind, Unreadable, Wrong
from gis_data.basemap.squares import Square
from governance.places import LonLat
from tests.fakes.basemaps import Answer, Dripping, TileServer

RED, BLUE = png(64, 64, (200, 0, 0)), png(64, 64, (0, 0, 200))
ONE = Square(3, 1, 2)
GOOD: Answer = (200, {"Cache-Control": "max-age=600", "ETag": '"a"'}, RED)
HTML: Answer = (200, {"Content-Type": "image/png"}, b"\n<!DOCTYPE html><html>sign on first</html>")


class Service:
    """A server, and desks one after the other that ask it; all of them share one cache."""

    def __init__(self, folder: Path) -> None:
        self.server = TileServer(lambda _path, _headers: GOOD)
        self.file = folder / "kept" / "a.sqlite"
        self.address = self.server.address
        self.came = threading.Event()
        self.got: list[Brought] = []
        self.network: Network | None = None

    def desk(self, kind: Kind = Kind.PICTURE, timeout_s: float = 5.0) -> Network:
        """Another desk; the one before is closed."""
        self.close_desk()
        self.got = []
        self.network = Network(self._address_of, kind, self.file, self.came.set, first_pause_s=0.02, timeout_s=timeout_s)
        return self.network

    def answer(self, *answers: Answer) -> None:
        """Give these one after the other, the last one for ever."""
        left = list(answers)
        self.server.answer = lambda _path, _headers: left.pop(0) if len(left) > 1 else left[0]

    def until(self, claim: Callable[[], bool]) -> None:
        """Wait until it is so."""
        end = time.monotonic() + 20
        while True:
            self.got += self.network.taken()
            if claim():
                return
            assert time.monotonic() < end, (self.network.standing, self.got)
            self.came.wait(0.05)
            self.came.clear()

    def close_desk(self) -> None:
        if self.network is not None:
            self.network.close()

    def _address_of(self, square: Square) -> str:
        return f"{self.address}/{square.level}/{square.column}/{square.row}?tk=5ecret"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    made.close_desk()
    made.server.close()


def datas(service: Service) -> list[bytes]:
    return [brought.data for brought in service.got]


def test_a_fresh_tile_is_asked_for_once_even_by_the_next_desk(service):
    for _ in range(2):
        service.desk().want([ONE])
        service.until(lambda: datas(service) == [RED])
        assert not service.got[0].is_old
    assert service.server.asked == ["/3/1/2?tk=5ecret"]
    assert (service.file.parent.stat().st_mode & 0o777, service.file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_an_old_tile_is_shown_at_once_and_asked_about(service):
    asked = []
    service.answer((200, {"Cache-Control": "max-age=0", "ETag": '"a"'}, RED))
    service.desk().want([ONE])
    service.until(lambda: datas(service) == [RED])
    service.server.answer = lambda _, headers: (
        asked.append(headers["If-None-Match"]) or (304, {"Cache-Control": "max-age=60"}, b"")
    )
    service.desk().want([ONE])
    service.until(lambda: len(service.got) == 2)
    assert [(each.data, each.is_old, each.is_same) for each in service.got] == [(RED, True, False), (RED, False, True)]
    service.desk().want([ONE])
    service.until(lambda: datas(service) == [RED])
    assert asked == ['"a"']


@pytest.mark.noisy("the basemap's service fails")
def test_offline_the_cache_is_shown_with_its_time_and_tried_again(service):
    service.answer((200, {"Cache-Control": "no-cache"}, RED))
    service.desk().want([ONE])
    service.until(lambda: datas(service) == [RED])
    fetched_s = service.got[0].fetched_s
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        service.address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    service.desk().want([ONE])
    service.until(lambda: dict(service.network.standing.counts).get(Wrong.OFFLINE, 0) >= 2)
    assert service.network.standing.failing is Wrong.OFFLINE
    assert [(each.data, each.is_old, each.fetched_s) for each in service.got] == [(RED, True, fetched_s)]
    service.address = service.server.address
    service.answer((200, {}, BLUE))
    service.until(lambda: datas(service) == [RED, BLUE] and service.network.standing.failing is None)


@pytest.mark.noisy("the basemap's service fails")
@pytest.mark.parametrize(("answer", "why"), [
    ((503, {}, b""), Wrong.BUSY), ((429, {"Retry-After": "0"}, b""), Wrong.BUSY), ((403, {}, b"no"), Wrong.NO_ACCESS),
    (HTML, Wrong.NOT_A_TILE),
])  # fmt: skip
def test_a_service_that_fails_is_named_paused_for_and_tried_again(service, answer, why):
    service.answer(answer, answer, answer, GOOD)
    service.desk().want([ONE])
    service.until(lambda: service.network.standing.failing is why or datas(service) == [RED])
    service.until(lambda: datas(service) == [RED])
    assert service.network.standing.failing is None
    assert dict(service.network.standing.counts)[why] >= 1


@pytest.mark.parametrize(("answer", "why"), [
    ((404, {}, b"<html>nothing</html>"), Wrong.MISSING), ((204, {}, b""), Wrong.MISSING), ((400, {}, b"<x/>"), Wrong.REFUSED),
    ((200, {}, b'{"code": 1}'), Wrong.REFUSED),
    ((200, {}, b"noise"), Wrong.DAMAGED), ((200, {}, bytes(9_000_000)), Wrong.TOO_LARGE),
])  # fmt: skip
def test_what_is_wrong_with_one_tile_says_nothing_of_the_others(service, answer, why):
    service.server.answer = lambda path, _: answer if path.startswith("/3/1/2") else GOOD
    service.desk().want([ONE, Square(3, 5, 5)])
    service.until(lambda: sorted(datas(service)) == [b"", RED])
    assert service.network.standing.failing is None
    assert dict(service.network.standing.counts) == {why: 1}


@pytest.mark.noisy("the basemap's service fails")
def test_a_service_that_says_nothing_is_given_up_in_time(service):
    silent = threading.Event()
    service.server.answer = lambda _path, _headers: (silent.wait(30), GOOD)[1]
    service.desk(timeout_s=0.1).want([ONE])
    service.until(lambda: service.network.standing.failing is Wrong.TIMEOUT)
    silent.set()
    service.until(lambda: datas(service) == [RED])


def test_what_went_out_of_view_is_broken_off(service):
    silent, under_way = threading.Event(), []
    service.server.answer = lambda path, _: (under_way.append(path), silent.wait(30)) and GOOD
    squares = [Square(9, number, 0) for number in range(40)]
    service.desk().want(squares)
    service.until(lambda: len(under_way) == AT_ONCE)
    service.network.want(squares[-1:])
    service.until(lambda: under_way[-1].startswith("/9/39/"))
    silent.set()
    service.until(lambda: [each.square for each in service.got] == squares[-1:])
    assert len(under_way) == AT_ONCE + 1


@pytest.mark.noisy("the basemap's service fails")
def test_a_districts_key_is_never_logged(service, caplog):
    caplog.set_level(logging.DEBUG)
    service.answer((403, {}, b""), *[(302, {"Location": "/a?tk=5ecret"}, b"")] * 4, HTML, GOOD)
    service.desk().want([ONE])
    service.until(lambda: datas(service) == [RED])
    assert caplog.records
    assert "5ecret" not in caplog.text


TWICE: Answer = (200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(RED)))
LARGE: Answer = (200, {"Content-Encoding": "gzip"}, gzip.compress(RED + bytes(9_000_000)))


@pytest.mark.parametrize(("answer", "why"), [(TWICE, Wrong.DAMAGED), (LARGE, Wrong.TOO_LARGE)])
def test_what_was_packed_twice_or_unpacks_to_too_much_is_no_tile(service, answer, why):
    once = (200, {"Content-Encoding": "gzip"}, gzip.compress(BLUE))
    service.server.answer = lambda path, _: answer if path.startswith("/3/1/2") else once
    service.desk().want([ONE, Square(3, 5, 5)])
    service.until(lambda: sorted(datas(service)) == [b"", BLUE])
    assert dict(service.network.standing.counts) == {why: 1}
    service.answer(answer)
    with pytest.raises(Unreadable) as caught:
        probing.probed(service.address + "/{z}/{x}/{y}", LonLat(120.2, 30.2))
    assert caught.value.why is why


def test_what_comes_with_a_redirection_is_not_read(service):
    endless = Dripping(9_000_000, 0.05)
    service.answer((302, {"Location": "/there"}, endless), GOOD)
    service.desk().want([ONE])
    service.until(lambda: datas(service) == [RED])
    endless.ended.set()
    assert service.network.standing.counts == ()
    service.answer((302, {"Location": "/there"}, endless), GOOD)
    assert probing.probed(service.address + "/{z}/{x}/{y}", LonLat(120.2, 30.2))[0].kind is Kind.PICTURE


@pytest.mark.noisy("the basemap's service fails")
def test_a_service_that_drips_is_given_up_in_time(service, monkeypatch):
    dripping = Dripping(1_000, 0.05)
    service.answer((200, {}, dripping))
    service.desk(timeout_s=0.2).want([ONE])
    service.until(lambda: service.network.standing.failing is Wrong.TIMEOUT)
    monkeypatch.setattr(probing, "TIMEOUT_S", 0.2)
    with pytest.raises(Unreadable) as caught:
        probing.probed(service.address + "/{z}/{x}/{y}", LonLat(120.2, 30.2))
    assert caught.value.why is Wrong.TIMEOUT
    dripping.ended.set()


def test_no_cookie_and_no_mark_that_cannot_be_sent_back_is_kept(service):
    sent = list[tuple[str | None, str | None]]()

    def answer(_path: str, headers: Mapping[str, str]) -> Answer:
        sent.append((headers["Cookie"], headers["If-None-Match"]))
        return 200, {"Cache-Control": "no-cache", "ETag": '"\u00e9"', "Set-Cookie": "a=b; Path=/"}, RED

    service.server.answer = answer
    for number in range(2):
        service.desk().want([ONE])
        service.until(lambda number=number: len(sent) == number + 1 and datas(service)[-1:] == [RED])
    assert sent == [(None, None)] * 2
    assert service.network.standing.counts == ()
    service.network.want([Square(3, 5, 5)])
    service.until(lambda: len(sent) == 3 and len(service.got) == 3)
    assert sent[2] == (None, None)


@pytest.mark.parametrize(("headers", "seconds"), [
    ({"cache-control": "public, max-age=60"}, 60.0), ({"cache-control": "no-store"}, None),
    ({"cache-control": "no-cache"}, 0.0),
    ({"expires": "Thu, 01 Jan 1970 00:10:00 GMT"}, 500.0), ({"expires": "-1"}, 0.0), ({}, USUAL_S),
    ({"cache-control": "max-age=999999999999"}, 365 * 86_400.0),
])  # fmt: skip
def test_how_long_a_tile_is_fresh(headers, seconds):
    assert fresh_for_s(headers, 100.0) == seconds


def test_what_a_status_means():
    meant = {200: None, 304: None, 404: Wrong.MISSING, 401: Wrong.NO_ACCESS, 502: Wrong.BUSY, 400: Wrong.REFUSED}
    assert {status: wrong_of(status) for status in meant} == meant
