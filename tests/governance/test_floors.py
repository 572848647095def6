"""Which floor an address names, in Chinese and English, and where that is in a building."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.floors import DEEPEST, HIGHEST, Floor, floor_of, floor_told

ROOF, TOP = Floor(is_roof=True), Floor(at_top=True)


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("12层", 12),
        ("3楼", 3),
        ("第12层", 12),
        ("三楼有浓烈煤气味", 3),
        ("十二层", 12),
        ("二十楼走廊", 20),
        ("一百零二层观景台", 102),
        ("12F", 12),
        ("１２Ｆ", 12),
        ("F3 中庭", 3),
        ("L2扶梯口", 2),
        ("2/F", 2),
        ("12号楼3层", 3),
        ("景芳三区12幢2单元501室", 5),
        ("景芳三区12幢2单元1205", 12),
        ("3-2-501", 5),
        ("1205室", 12),
        ("301房间", 3),
        ("首层大堂", 1),
        ("底楼", 1),
        ("两楼平台", 2),
        ("3-5层连廊", 5),
        ("B1", -1),
        ("B2层停车场", -2),
        ("负一楼", -1),
        ("地下二层", -2),
        ("地下1层超市", -1),
        ("-1层", -1),
        ("-2F", -2),
        ("地下车库入口", -1),
        ("地下室积水", -1),
        ("on the 12th floor", 12),
        ("Third floor, east wing", 3),
        ("Floor 7", 7),
        ("level 5 car park", 5),
        ("Room 1205", 12),
        ("Apt. 301", 3),
        ("basement", -1),
        ("Basement 2", -2),
        ("ground floor lobby", 1),
        ("underground car park", -1),
    ],
)
def test_an_address_names_a_floor(text: str, floor: int) -> None:
    assert floor_of(text) == Floor(floor)


@pytest.mark.parametrize(
    ("text", "floor"),
    [("楼顶搭建彩钢板房", ROOF), ("天台有人", ROOF), ("on the roof", ROOF), ("顶楼", TOP), ("top floor", TOP)],
)
def test_from_above_there_is_a_roof_and_a_top_floor(text: str, floor: Floor) -> None:
    assert floor_of(text) == floor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "景芳三区12幢",
        "12号楼",
        "一号楼门口",
        "3栋",
        "共12层",
        "三层小楼",
        "12层高的居民楼",
        "六层住宅楼",
        "2026年12月",
        "凯旋路100号",
        "1号线出口",
        "楼上漏水",
        "居民楼内",
        "第07网格",
        "0层",
        "999层",
        "5号楼和6号楼之间",
        "K1路公交站",
        "building 12",
        "12 fires",
        "office 365",
        "300米",
    ],
)
def test_what_is_no_floor_is_none(text: str) -> None:
    assert floor_of(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_no_floor_is_out_of_bounds(text: str) -> None:
    found = floor_of(text)
    assert found is None or found.at_top or found.is_roof or -DEEPEST <= found.number <= HIGHEST


@given(st.integers(1, HIGHEST), st.floats(2.0, 400.0))
def test_a_floor_lies_in_its_building_one_below_in_the_ground_and_a_label_names_it(number: int, building_m: float) -> None:
    assert 0.0 <= Floor(number).height_m(building_m) < building_m
    assert Floor(-1).height_m(building_m) < 0.0
    assert ROOF.height_m(building_m) == building_m
    assert 0.0 <= TOP.height_m(building_m) < building_m
    for language in ("zh", "en"):
        assert floor_of(Floor(number).label(language)) == Floor(number)
    assert floor_of(Floor(-2).label("zh")) == Floor(-2)


def test_the_twelfth_floor_is_eleven_storeys_up() -> None:
    assert Floor(12).height_m(60.0) == pytest.approx(33.0)
    assert Floor(12).height_m(30.0) == pytest.approx(27.0)


@pytest.mark.parametrize(
    ("floor", "place", "found"),
    [
        ("3", "", 3),
        (" -1 ", "", -1),
        ("3楼", "12层", 3),
        ("", "景芳三区12幢12层", 12),
        ("西侧", "B1", -1),
        ("0", "", None),
        ("", "12", None),
    ],
)
def test_the_field_for_the_floor_goes_before_the_place(floor: str, place: str, found: int | None) -> None:
    assert floor_told(floor, place) == (None if found is None else Floor(found))
