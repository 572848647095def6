"""Who keeps the cameras hands in a table: told first what differs, all of it or nothing, on record, and on the feed."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.situation.cameras import Cameras
from gis_data.datum import gcj02_from_wgs84
from governance.camera import Camera, CameraState, GroupKind
from governance.changes import CameraChanged
from server.camera_devices.certificates import in_pairs
from server.cameras_admin import exporting, loading, sheet
from server.cameras_admin.columns import HEADINGS
from server.cameras_admin.run import run
from server.drill.onvif_device import OnvifDevice
from server.ledger import camera_groups, camera_sources, cameras, change_log
from server.ledger.camera_sources import SourceKind
from tests.fakes.self_signed import self_signed
from wire.codec import decode_change

from .conftest import District, middle, small_town

TOWN = {camera.id: camera for camera in small_town().cameras}
NEW = "99000100001320001000"


def said(district: District, *words: str, language: str = "en") -> tuple[int, str]:
    """Exit status and output of a command on the district's home."""
    out, given = io.StringIO(), sys.stdout
    sys.stdout = out
    try:
        status = run([*words, "--home", str(district.settings.home), "--language", language])
    finally:
        sys.stdout = given
    return status, out.getvalue()


def stood(district: District) -> dict[str, Camera]:
    """The cameras as they were seeded: the police hung them all, and the department that keeps such cameras has them."""
    unit = district.officers["handler1"].unit
    return {code: replace(camera, unit=unit) for code, camera in TOWN.items()}


def held(district: District) -> dict[str, Camera]:
    """The cameras that are there."""
    with district.ledger.transaction() as connection:
        return {camera.id: camera for camera in cameras.visible(connection, "", 9)}


def table(tmp_path: Path, header: str, *lines: str, encoding: str = "utf-8") -> str:
    """A file of these lines."""
    file = tmp_path / "cameras.csv"
    file.write_bytes("\r\n".join((header, *lines)).encode(encoding))
    return str(file)


def told(district: District) -> list[tuple[str, CameraChanged]]:
    """What all streams of cameras said, in the order they are numbered."""
    with district.ledger.transaction() as connection:
        streams = [stream for stream in change_log.heads(connection) if stream.startswith(("cameras/", "unit/"))]
        found = [decode_change(each) for stream in streams for each in change_log.read_after(connection, stream, 0, 100_000)]
    return [(change.stream, change.fact) for change in found if isinstance(change.fact, CameraChanged)]


def test_what_was_written_out_changes_nothing_when_it_is_loaded(district: District, tmp_path: Path) -> None:
    for language, words in (("en", "the same as it is"), ("zh", "与现有的相同")):
        file = str(tmp_path / f"{language}.csv")
        assert said(district, "export", file, language=language)[0] == 0
        assert said(district, "export", file, language=language)[0] == 1  # it is there already
        status, text = said(district, "load", file, "--yes", "--retire", language=language)
        assert (status, words in text) == (0, True), text
    assert told(district) == []


HEADER = "国标编码,名称,经度,纬度,坐标系,来源,共享级别,朝向（度）,云台,敏感,架设高度,部门分组,路线分组"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_a_spreadsheet_is_read_whatever_its_encoding(district: District, tmp_path: Path, encoding: str) -> None:
    place = middle(3)
    shifted = gcj02_from_wgs84([(place.lon, place.lat)])[0]
    line = f"{NEW},秋涛北路东口,{shifted[0]:.8f},{shifted[1]:.8f},GCJ-02,城管,2,135,是,是,6.5,城管局/三中队; 交警大队,秋涛北路"
    status, text = said(district, "load", table(tmp_path, HEADER, line, encoding=encoding), "--yes")
    assert status == 0, text
    assert f"+ {NEW} 秋涛北路东口" in text
    assert "8 are not in the table" not in text
    assert "the 8 that are not in the table stay" in text
    camera = held(district)[NEW]
    assert camera.place.distance_m(place) < 0.1
    assert (camera.grid, camera.owner, camera.share_level) == (TOWN[f"9900010000132{3:07d}"].grid, "城管", 2)
    assert (camera.heading_deg, camera.is_ptz, camera.is_sensitive, camera.height_m) == (135.0, True, True, 6.5)
    assert camera.state is CameraState.OFFLINE  # until somebody asked it
    with district.ledger.transaction() as connection:
        groups = camera_groups.memberships(connection)
    assert groups[NEW, GroupKind.DEPARTMENT] == (("交警大队",), ("城管局", "三中队"))
    assert "三中队  0/1 online" in said(district, "groups")[1]
    assert [(stream, fact.whole) for stream, fact in told(district)] == [(f"cameras/{camera.grid[:9]}/2", camera)]


WRONG = {
    "no code": ("id,name", "33,x", "a GB/T 28181 code has 20 digits; this is “33”"),
    "scientific": ("id,name", "3.30104E+19,x", "a spreadsheet has shortened the code"),
    "no camera": ("id,name", "99000100002000001000,x", "are no type of camera"),
    "twice": ("id,name", f"{NEW},a\r\n{NEW},b", "stands in line 2 already"),
    "unknown column": ("id,colour", f"{NEW},red", "no such column: “colour”"),
    "no datum": ("id,lon,lat", f"{NEW},120,30", "the column datum is missing"),
    "datum": ("id,lon,lat,datum", f"{NEW},120,30,BD09", "no such datum: “BD09”"),
    "outside": ("id,lon,lat,datum,name,owner,share", f"{NEW},119,30,WGS84,a,b,0", "lies in no grid"),
    "swapped": ("id,lon,lat,datum,name,owner,share", f"{NEW},30.005,120.005,WGS84,a,b,0", "longitude and latitude are swapped"),
    "new": ("id,name", f"{NEW},a", "is new and needs: lon, lat, datum, owner, share_level"),
    "share": ("id,共享级别", f"{NEW},4", "“4” must be 0 to 3"),
    "heading": ("id,heading", f"{NEW},nan", "“nan” must be 0 to 360"),
    "yes": ("id,ptz", f"{NEW},maybe", "must be yes or no"),
    "unit": ("id,unit", f"9900010000132{0:07d},X1", "there is no unit with the code “X1”"),
    "cells": ("id,name", f"{NEW},a,b", "the line has 3 cells, the header 2"),
    "password in address": (
        "id,stream_kind,stream_address",
        f"9900010000132{0:07d},rtsp,rtsp://u:p@h/x",
        "no user or password in an address",
    ),
    "no device": ("id,stream_kind,stream_address", f"9900010000132{0:07d},gb28181,http://h:1", "the GB code of the device"),
    "kind": ("id,stream_kind", f"9900010000132{0:07d},sip", "no such kind of stream: “sip”"),
    "no table": ("id,name", f'{NEW},"a', "this is no CSV table"),
    "nothing": ("id,name", "", "there is nothing under the header"),
}


def test_a_mistake_is_named_with_its_line_and_nothing_is_loaded(district: District, tmp_path: Path) -> None:
    for case, (header, line, says) in WRONG.items():
        good = f"9900010000132{1:07d}" + ",好" * header.count(",")
        lines = (line, good) if header == "id,name" and case in ("no code", "scientific", "no camera") else (line,)
        status, text = said(district, "load", table(tmp_path, header, *lines), "--yes", "--retire")
        assert status == 1, case
        assert says in text, text
        if case not in ("no table", "nothing"):
            at = 1 if "column" in case or case == "no datum" else 3 if case == "twice" else 2
            assert f"cameras.csv:{at}:" in text, text
        assert held(district) == stood(district)
        assert told(district) == []


def test_what_is_no_table_at_all_is_said_plainly(district: District, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04\xff\xff\x00")
    assert "neither UTF-8 nor GB18030" in said(district, "check", str(tmp_path / "x.csv"))[1]
    assert "this is a folder" in said(district, "check", str(tmp_path))[1]
    assert "没有这个文件" in said(district, "check", str(tmp_path / "nothing"), language="zh")[1]
    assert said(district, "watched", "--since", "soon") == (1, "“soon” is no date\n")


def test_a_difference_is_told_field_by_field_and_waits_for_a_yes(district: District, tmp_path: Path) -> None:
    code = f"9900010000132{0:07d}"
    file = table(tmp_path, "id,name,heading,share,fault", f"{code},新名字,90,1,是")
    for words, expected in (((), 2), (("--dry-run",), 0), (("--yes",), 0), (("--yes",), 0)):
        status, text = said(district, "load", file, *words)
        assert status == expected, text
        if "loaded, by" not in text and "same" not in text:
            assert held(district) == stood(district)
            assert f"~ {code} name: 探头0 -> 新名字" in text
            assert f"~ {code} heading_deg: 0 -> 90" in text
            assert f"~ {code} state: online -> fault" in text
    camera = held(district)[code]
    assert (camera.name, camera.heading_deg, camera.share_level, camera.version) == ("新名字", 90.0, 1, 2)
    assert camera.state is CameraState.FAULT
    street = camera.grid[:9]
    by_stream = dict(told(district))
    assert by_stream[f"cameras/{street}/1"].whole == camera
    assert (by_stream[f"cameras/{street}/0"].is_gone, by_stream[f"cameras/{street}/0"].version) == (True, 2)
    with district.owner.transaction() as connection:
        ((act, os_user, record),) = connection.execute("SELECT act, os_user, said FROM camera_record").fetchall()
        states = connection.execute("SELECT was, state FROM camera_state WHERE camera = %s", (code,)).fetchall()
    assert (act, bool(os_user), len(record["difference"])) == ("load", True, 4)
    assert states == [("online", "fault")]


def test_what_is_gone_is_retired_only_when_that_is_said_and_comes_back_as_new(district: District, tmp_path: Path) -> None:
    kept, lost = f"9900010000132{0:07d}", f"9900010000132{7:07d}"
    every = str(tmp_path / "all.csv")
    assert said(district, "export", every)[0] == 0
    file = table(tmp_path, "id", *(code for code in TOWN if code != lost))
    assert "- " + lost in said(district, "load", file, "--yes")[1]
    assert held(district) == stood(district)
    before = Cameras(stood(district).values())
    assert "1 retired" in said(district, "load", file, "--yes", "--retire")[1]
    assert held(district) == {code: camera for code, camera in stood(district).items() if code != lost}
    with district.owner.transaction() as connection:
        (count,) = connection.execute("SELECT count(*) FROM camera WHERE retired_at IS NOT NULL").fetchone() or (0,)
    assert count == 1
    assert "+ " + lost in said(district, "load", every, "--yes")[1]
    back = held(district)[lost]
    assert back.version == 3
    for _, fact in told(district):
        before.change(fact)
    assert {camera.id: camera for camera in before.all()} == held(district)
    assert kept in held(district)


def test_a_log_on_is_sealed_kept_and_never_written_out(district: District, tmp_path: Path) -> None:
    code = f"9900010000132{2:07d}"
    header = "id,stream_kind,stream_address,stream_channel,stream_user,stream_password"
    status, text = said(district, "load", table(tmp_path, header, f"{code},hikvision,10.1.2.3:554,2,admin,p@ss:/词"), "--yes")
    assert (status, "p@ss" in text, "stream_password: *** -> ***" in text) == (0, False, True)
    with district.owner.transaction() as connection:
        row = connection.execute("SELECT secret, address FROM camera_source").fetchone()
        source = camera_sources.find(connection, district.ledger.seal, code)
        record = connection.execute("SELECT said::text FROM camera_record").fetchone()
    assert row is not None
    assert record is not None
    assert b"p@ss" not in bytes(row[0])
    assert "p@ss" not in record[0] + row[1] + repr(source)
    assert (source.kind, source.channel, source.user, source.password) == (SourceKind.HIKVISION, 2, "admin", "p@ss:/词")
    again = said(district, "load", table(tmp_path, header, f"{code},hikvision,10.1.2.3:554,3,,"), "--yes")[1]
    assert f"~ {code} stream_channel: 2 -> 3" in again
    with district.ledger.transaction() as connection:
        assert camera_sources.find(connection, district.ledger.seal, code).password == "p@ss:/词"
        known = loading.known(district.ledger, connection, datetime.now(UTC))
    written = exporting.table(known, "zh")
    assert "p@ss" not in written
    (tmp_path / "out.csv").write_text(written, "utf-8")
    assert "the same as it is" in said(district, "load", str(tmp_path / "out.csv"), "--yes")[1]
    said(district, "load", table(tmp_path, header, f"{code},hikvision,10.1.2.3:554,3,root,"), "--yes")
    with district.ledger.transaction() as connection:  # somebody else's password is nobody's
        other = camera_sources.find(connection, district.ledger.seal, code)
    assert (other.user, other.password) == ("root", "")
    first = next(csv.reader(io.StringIO(written.lstrip("\ufeff"))))
    assert first == [HEADINGS[name][0] for name in exporting.COLUMNS]


def test_any_bytes_are_refused_or_read(tmp_path: Path) -> None:
    for content in (
        b"",
        b"\xef\xbb\xbf",
        b",,,\r\n,,",
        b"id;name\r\n1;2",
        b"\x00",
        b"id,id\n1,1",
        "编码\t名称\n1\t2".encode("gb18030"),
    ):
        found = sheet.of_bytes("x.csv", content)
        assert found.found
        assert not found.rows


def test_who_watched_is_told_to_who_checks_and_that_is_on_record(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, camera = district.officers["duty1"], TOWN[f"9900010000132{0:07d}"]
    now = datetime.now(UTC)
    with district.ledger.transaction() as connection:
        cameras.log_opening(connection, camera, officer, None, "查看现场", now, now)
    status, text = said(district, "watched", "--staff", "duty1", "--camera", camera.id)
    assert (status, "1 in all" in text, officer.name in text, "查看现场" in text, " live " in text) == (
        0,
        True,
        True,
        True,
        True,
    )
    assert "0 in all" in said(district, "watched", "--until", "2026-01-01")[1]
    for login, expected in (("audit1", 0), ("admin1", 1)):
        monkeypatch.setenv("GRIDWARDEN_PASSWORD", district.seeded.passwords[login])
        assert said(district, "watched", "--as", login)[0] == expected
    with district.owner.transaction() as connection:
        rows = connection.execute("SELECT act, said ->> 'staff', account IS NOT NULL FROM camera_record ORDER BY at").fetchall()
    assert rows == [("watched", "duty1", False), ("watched", "", False), ("watched", "", True)]


def test_a_device_with_its_own_certificate_is_accepted_by_somebody_on_record(district: District, tmp_path: Path) -> None:
    code, first, second = next(iter(TOWN)), self_signed(tmp_path, "factory"), self_signed(tmp_path, "renewed")

    def kept() -> str:
        with district.ledger.transaction() as connection:
            return camera_sources.find(connection, district.ledger.seal, code).fingerprint

    with OnvifDevice("u", "p", first.context) as device, OnvifDevice("u", "p", second.context) as renewed:
        line = f"{code},onvif,{device.service},u,p"
        file = table(tmp_path, "id,stream_kind,stream_address,stream_user,stream_password", line)
        assert f"{code} speaks HTTPS and no certificate of it was accepted" in said(district, "check", file)[1]
        assert said(district, "load", file, "--yes")[0] == 0
        status, text = said(district, "trust")
        assert (status, in_pairs(first.fingerprint) in text, "none accepted" in text, kept()) == (2, True, True, "")
        assert said(district, "trust", "--camera", code, "--yes")[0] == 0
        assert kept() == first.fingerprint
        assert said(district, "trust", "--yes") == (0, "there is no certificate to accept\n")
        elsewhere = table(tmp_path, "id,stream_kind,stream_address,stream_fingerprint", f"{code},onvif,{renewed.service},AB:CD")
        assert "“AB:CD” is no SHA-256 fingerprint" in said(district, "check", elsewhere)[1]
        pairs = in_pairs(first.fingerprint)
        elsewhere = table(
            tmp_path, "id,stream_kind,stream_address,stream_fingerprint", f"{code},onvif,{renewed.service},{pairs}"
        )
        assert said(district, "load", elsewhere, "--yes")[0] == 0
        assert kept() == first.fingerprint
        status, text = said(district, "trust", "--yes")
        assert (status, f"not the one accepted before: {pairs}" in text, kept()) == (0, True, second.fingerprint)
    assert said(district, "trust")[0] == 1  # it is away
    with district.owner.transaction() as connection:
        rows = connection.execute("SELECT said -> 'certificates' FROM camera_record WHERE act = 'trust' ORDER BY at").fetchall()
    became = [("", first.fingerprint), (first.fingerprint, second.fingerprint)]
    assert [row[0] for row in rows] == [[{"camera": code, "was": was, "became": new}] for was, new in became]
