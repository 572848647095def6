"""Capabilities of a WMTS become offers, those of Tianditu among them; addresses are filled in and shown without their keys."""

from __future__ import annotations

import tracemalloc

import pytest

from gis_data.basemap.address import (
    checked,
    filled,
    is_in_degrees,
    is_template,
    likely_datum,
    of_service,
    with_keys_of,
    without_keys,
)
from gis_data.basemap.source import WHOLE_EARTH, Unreadable, Wrong
from gis_data.basemap.squares import Cut, Projection, Square, plain_degrees, web_mercator
from gis_data.basemap.wmts import MOST_OFFERS, read_offers
from gis_data.datum import Datum

HEAD = (
    '<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><ows:ServiceIdentification><ows:Title>区图</ows:Title></ows:ServiceIdentification>'
)
KVP = (
    '<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href="http://t/wmts?"/>'
    "</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"
)


def matrix(level: int, scale: float, corner: str, columns: int, rows: int) -> str:
    return (
        f"<TileMatrix><ows:Identifier>{level}</ows:Identifier><ScaleDenominator>{scale}</ScaleDenominator>"
        f"<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>"
        f"<MatrixWidth>{columns}</MatrixWidth><MatrixHeight>{rows}</MatrixHeight></TileMatrix>"
    )


def matrix_set(name: str, system: str, matrices: str) -> str:
    crs = f"<ows:SupportedCRS>{system}</ows:SupportedCRS>"
    return f"<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>{crs}{matrices}</TileMatrixSet>"


def layer(name: str, sets: tuple[str, ...], resource: str = "", form: str = "image/png") -> str:
    links = "".join(f"<TileMatrixSetLink><TileMatrixSet>{each}</TileMatrixSet></TileMatrixSetLink>" for each in sets)
    url = f'<ResourceURL format="{form}" resourceType="tile" template="{resource}"/>' if resource else ""
    corners = "<ows:LowerCorner>118 27</ows:LowerCorner><ows:UpperCorner>123 31</ows:UpperCorner>"
    box = f"<ows:WGS84BoundingBox>{corners}</ows:WGS84BoundingBox>"
    style = "<Style><ows:Identifier>other</ows:Identifier></Style>"
    style += '<Style isDefault="true"><ows:Identifier>usual</ows:Identifier></Style>'
    return f"<Layer><ows:Identifier>{name}</ows:Identifier>{box}{style}<Format>{form}</Format>{links}{url}</Layer>"


def document(layers: str, sets: str, head: str = KVP) -> bytes:
    return f"{HEAD}{head}<Contents>{layers}{sets}</Contents></Capabilities>".encode()


STANDARD = matrix_set("google", "urn:ogc:def:crs:EPSG::3857", "".join(
    matrix(z, 559082264.0287178 / 2**z, "-20037508.3427892 20037508.3427892", 2**z, 2**z) for z in (2, 0, 1)))  # fmt: skip
TIANDITU_W = matrix_set("w", "urn:ogc:def:crs:EPSG::900913", "".join(
    matrix(z, 2.958293554545656e8 / 2 ** (z - 1), "20037508.3427892 -20037508.3427892", 2**z, 2**z)
    for z in (1, 2, 3)))  # fmt: skip
TIANDITU_C = matrix_set("c", "urn:ogc:def:crs:EPSG::4490", "".join(
    matrix(z, 2.958293554545656e8 / 2 ** (z - 1), "90.0 -180.0", 2**z, 2 ** (z - 1)) for z in (1, 2, 3)))  # fmt: skip


def same(cut: Cut, level: int, other: Cut, zoom: int) -> bool:
    square, wanted = cut.corners(Square(level, 1, 0), 1, Datum.WGS84), other.corners(Square(zoom, 1, 0), 1, Datum.WGS84)
    return bool(abs(square - wanted).max() < 0.002)


@pytest.mark.parametrize(("sets", "name", "usual", "zoom"), [
    (STANDARD, "google", web_mercator(), 0), (TIANDITU_W, "w", web_mercator(), 1), (TIANDITU_C, "c", plain_degrees(), 1),
])  # fmt: skip
def test_a_cut_lies_where_the_usual_one_lies(sets: str, name: str, usual: Cut, zoom: int) -> None:
    (offer,) = read_offers(document(layer("vec", (name,)), sets), "http://t/wmts?tk=secret")
    assert offer.cut.projection is usual.projection
    assert all(same(offer.cut, at, usual, zoom + at) for at in range(len(offer.cut.levels)))
    assert all(offer.cut.halves(at) for at in range(1, len(offer.cut.levels)))


def test_a_tile_is_asked_for_in_words_with_the_districts_key() -> None:
    address = "http://t/vec_c/wmts?request=GetCapabilities&service=wmts&tk=secret"
    (offer,) = read_offers(document(layer("vec", ("c",)), TIANDITU_C), address)
    asked = filled(offer.template, offer.cut, Square(2, 6, 1))
    assert asked.startswith("http://t/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=usual&TILEMATRIXSET=c&")
    assert asked.endswith("&TILEMATRIX=3&TILEROW=1&TILECOL=6&tk=secret")
    assert (offer.bounds, offer.attribution) == ((118.0, 27.0, 123.0, 31.0), "区图")


def test_a_restful_service_is_asked_along_its_path() -> None:
    rest = "http://t/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"
    (offer,) = read_offers(document(layer("vec", ("google",), rest), STANDARD, ""), "http://t/wmts.xml?tk=k")
    assert filled(offer.template, offer.cut, Square(1, 1, 0)) == "http://t/usual/google/1/0/1.png?tk=k"


@pytest.mark.parametrize(("typed", "named", "asked"), [
    ("https://t0.tianditu.gov.cn/w?tk=k", "http://t0.tianditu.gov.cn/{TileCol}", "https://t0.tianditu.gov.cn/{TileCol}?tk=k"),
    ("https://t0.tianditu.gov.cn/w?tk=k", "http://t7.tianditu.gov.cn:80/{TileCol}", "https://t7.tianditu.gov.cn/{TileCol}?tk=k"),
    ("http://t:8080/w?tk=k", "http://t:8080/{TileCol}?a=1", "http://t:8080/{TileCol}?a=1&tk=k"),
    ("http://t/w?tk=k", "https://t/{TileCol}", "https://t/{TileCol}?tk=k"),
    *(("https://t0.tianditu.gov.cn/w?tk=k", other, other) for other in (
        "http://evil.example/{TileCol}", "https://t0.tianditu.gov.cn:81/{TileCol}", "https://t0.other.gov.cn/{TileCol}",
        "https://t0.tianditu.gov.cn.evil.example/{TileCol}", "https://{TileMatrix}@t0.tianditu.gov.cn/{TileCol}")),
    ("https://a1.gov.cn/w?tk=k", "https://a2.gov.cn/{TileCol}", "https://a2.gov.cn/{TileCol}"),
    ("http://10.0.0.1/w?tk=k", "http://11.0.0.1/{TileCol}", "http://11.0.0.1/{TileCol}"),
])  # fmt: skip
def test_a_key_goes_to_the_service_it_was_typed_for_alone(typed: str, named: str, asked: str) -> None:
    (offer,) = read_offers(document(layer("vec", ("google",), named), STANDARD, ""), typed)
    assert offer.template == asked


@pytest.mark.parametrize("named", ["ftp://t/{TileCol}", "/{TileCol}", "http://[t/{TileCol}", "http://t/" + "x" * 3000,
                                   "http://t:{TileCol}/"])  # fmt: skip
def test_a_layer_whose_address_is_none_is_left_out(named: str) -> None:
    by_words = KVP.replace("http://t/wmts?", named)
    for described in (
        document(layer("vec", ("google",), named), STANDARD),
        document(layer("vec", ("google",)), STANDARD, by_words),
    ):
        with pytest.raises(Unreadable) as caught:
            read_offers(described, "http://t/?tk=k")
        assert caught.value.why is Wrong.NO_LAYER


@pytest.mark.parametrize("system", ["EPSG:3857", "EPSG:4490"])
@pytest.mark.parametrize("absurd", [(1e-280, "90 -180", 1, 1), (1e-308, "90 -20037508.3427892", 1, 1), (1e300, "90 -180", 1, 1),
                                    (1e6, "90 -180", 10**300, 1), (1e6, "90 -180", 1, 2**32), (1e6, "1e300 -180", 1, 1),
                                    (1e6, "90 -180", 0, 1)])  # fmt: skip
def test_a_cut_no_map_can_have_is_left_out(system: str, absurd: tuple[float, str, int, int]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_offers(document(layer("vec", ("m",)), matrix_set("m", system, matrix(0, *absurd))), "http://t/")
    assert caught.value.why is Wrong.NO_LAYER


def test_of_very_many_layers_the_first_are_offered_and_the_rest_not_even_made() -> None:
    called = "x" * 1_900
    many = layer("vec", ("google",) * 20_000, f"http://t/{called}/{{TileCol}}")
    tracemalloc.start()
    try:
        offers = read_offers(document(many, STANDARD), "http://t/?tk=k")
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert len(offers) == MOST_OFFERS


def test_layers_that_cannot_be_drawn_are_left_out() -> None:
    odd = matrix_set("utm", "urn:ogc:def:crs:EPSG::4549", matrix(0, 1000, "0 0", 4, 4))
    broken = matrix_set("broken", "EPSG:3857", matrix(0, 0, "x y", 4, 4))
    layers = (
        layer("a", ("utm",))
        + layer("b", ("google",), form="application/pdf")
        + layer("c", ("broken",))
        + layer("d", ("google",))
    )
    assert [offer.layer for offer in read_offers(document(layers, odd + broken + STANDARD), "http://t/")] == ["d"]


BOMB = b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Capabilities>&b;</Capabilities>'


@pytest.mark.parametrize(("said", "why"), [
    (BOMB, Wrong.BAD_CAPABILITIES), (b"<html><body>sign on</body></html>", Wrong.BAD_CAPABILITIES),
    (b"", Wrong.BAD_CAPABILITIES),
    (b"<Capabilities><unclosed>", Wrong.BAD_CAPABILITIES), (b"\xff\xfe\x00", Wrong.BAD_CAPABILITIES),
    (document("", STANDARD), Wrong.NO_LAYER), (b'<?xml version="1.0" encoding="nonsense"?><a/>', Wrong.BAD_CAPABILITIES),
    (document("<Layer/>", "<TileMatrixSet/>"), Wrong.NO_LAYER),
    (b"<Capabilities>" + b"<a>" * 100 + b"</a>" * 100 + b"</Capabilities>", Wrong.TOO_LARGE),
    (b"<Capabilities>" + b"<a>" * 100_000, Wrong.TOO_LARGE), (b"<Capabilities>" + b"<a/>" * 300_000, Wrong.TOO_LARGE),
])  # fmt: skip
def test_what_are_no_capabilities_have_one_reason(said: bytes, why: Wrong) -> None:
    with pytest.raises(Unreadable) as caught:
        read_offers(said, "http://t/")
    assert caught.value.why is why


@pytest.mark.parametrize(("template", "square", "address"), [
    ("http://t{0-3}/{z}/{x}/{y}.png", Square(3, 5, 2), "http://t3/3/5/2.png"),
    ("http://{s}.t/{z}/{x}/{-y}", Square(3, 5, 2), "http://b.t/3/5/5"),
    ("http://t/?l={z}&x={x}&y={y}&tk=k", Square(10, 1, 2), "http://t/?l=10&x=1&y=2&tk=k"),
])  # fmt: skip
def test_an_address_is_filled_in(template: str, square: Square, address: str) -> None:
    assert is_template(template)
    assert filled(template, web_mercator(), square) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "t/{z}",
        "ftp://t/{z}/{x}/{y}",
        "file:///etc/passwd",
        "http://",
        "http://[t",
        "http://t/ {z}",
        "http://t/" + "x" * 3000,
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Unreadable) as caught:
        checked(address)
    assert caught.value.why is Wrong.BAD_ADDRESS


def test_a_key_is_never_shown_and_comes_back_when_it_was_not_changed() -> None:
    kept = "http://u:p@t/wmts?T=vec_c&tk=5ecret&x={x}&apikey=other"
    shown = without_keys(kept)
    assert shown == "http://***@t/wmts?T=vec_c&tk=***&x={x}&apikey=***"
    assert with_keys_of(shown, kept) == kept
    assert with_keys_of("http://t/wmts?T=img_c&x={x}&tk=***", kept) == "http://t/wmts?T=img_c&x={x}&tk=5ecret"
    assert with_keys_of("http://t/wmts?tk=new", kept) == "http://t/wmts?tk=new"


@pytest.mark.parametrize("typed", ["http://t2/wmts?tk=***", "https://t/wmts?tk=***", "http://t:81/wmts?tk=***", "http://t@t2/?tk=***",
                                   "http://[t?tk=***", "t/wmts?tk=***"])  # fmt: skip
def test_a_key_is_not_given_to_another_host(typed: str) -> None:
    assert with_keys_of(typed, "http://t/wmts?tk=5ecret") == typed


@pytest.mark.parametrize("asked", [
    "api-key=5", "subscription-key=5", "license=5", "auth=5", "X-Amz-Signature=5", "client_secret=5", "ticket=5", "appcode=5",
    "%74k=5", "tk=a;5", "layer=a;tk=5", "tk=5{z}", "5", "x={x}#tk=5",
])  # fmt: skip
def test_whatever_may_be_a_key_is_hidden(asked: str) -> None:
    kept = f"http://t/tiles?layer=roads&{asked}"
    assert "5" not in without_keys(kept)
    assert "layer=roads" in without_keys(kept)
    assert with_keys_of(without_keys(kept), kept) == kept
    assert of_service(f"{kept}&tk=1") == of_service(f"{kept}&tk=2") != of_service(f"{kept}&map=other&tk=1")


def test_what_is_known_of_a_service_is_offered() -> None:
    assert likely_datum("https://webrd01.is.autonavi.com/appmaptile?x={x}") is Datum.GCJ02
    assert likely_datum("https://t0.tianditu.gov.cn/") is Datum.WGS84
    assert is_in_degrees("https://t{0-7}.tianditu.gov.cn/DataServer?T=vec_c&x={x}&y={y}&l={z}")
    assert not is_in_degrees("https://t{0-7}.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}")
    assert plain_degrees().projection is Projection.DEGREES
    assert WHOLE_EARTH == (-180, -90, 180, 90)
