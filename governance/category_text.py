"""Reads categories out of what an administrator wrote: ten roots fixed by the field, leaves as a district wants them."""

from __future__ import annotations

from governance.categories import Category, CheckMode, Contact, ResponseCard
from governance.incident import Magnitude, Nature
from governance.mistakes import Mistake, Path, Row
from governance.places import Level

ROOTS = {
    "01": "党群工作",
    "02": "经济发展",
    "03": "城市管理",
    "04": "社会事务",
    "05": "卫生计生",
    "06": "综合服务",
    "07": "综合治理",
    "08": "矛盾纠纷",
    "09": "公共安全",
    "10": "市场监管",
}
"""Fixed by the field (domain model A.3)."""

PLATFORMS = frozenset({"综治", "监管", "执法", "便民"})
OUTSIDE = frozenset({"110", "119", "120", "122"})
"""Bodies an emergency may belong to."""
TOLD = OUTSIDE | {"gas", "water", "power"}
"""Bodies that are told of what we handle (联动通报)."""

_NAMES = ("name_zh", "name_en", "icon")
_CONDITIONS = ("filing_condition", "filing_condition_en", "closing_condition", "closing_condition_en")
_OF_ALL = ("code", *_NAMES, "nature", "platform")
_LEAF_FIELDS = frozenset(
    {
        *_OF_ALL,
        *("magnitude", "first_level", "check_mode", "skills", "evidence", "sensitive", "merge_radius_m", "merge_window_h"),
        *("verify", "outside", "tell", "auto_dispatch", "merge_group", *_CONDITIONS, "card"),
    }
)
_CARD_LINES = ("questions_zh", "questions_en", "safety_zh", "safety_en")
MOST_RADIUS_M = 5_000.0
MOST_WINDOW_H = 720.0


def read_categories(roots: list[Row]) -> dict[str, Category]:
    """Categories by code, in order; mistakes are noted in the rows, and what is wrong is left out or as it is by default."""
    found: dict[str, Category] = {}
    places: dict[str, Path] = {}
    for row in roots:
        root = _root(row)
        _add(found, places, row, root)
        for leaf in row.rows("leaf"):
            _add(found, places, leaf, _leaf(leaf, root))
    missing = [code for code in ROOTS if code not in found]
    if roots and missing:
        roots[0].mistakes.append(_whole(missing))
    return found


def _root(row: Row) -> Category:
    """One root."""
    row.only((*_OF_ALL, "leaf"))
    code = row.text("code", needed=True)
    if code not in ROOTS:
        row.wrong("root_unknown", "code", code=code, known=", ".join(ROOTS))
    elif row.text("name_zh") != ROOTS[code]:
        row.wrong("root_name", "name_zh", code=code, name=ROOTS[code])
    if not row.raw.get("leaf"):
        row.wrong("root_without_leaf", code=code)
    return _category(row, code, "", row.named(Nature, "nature", Nature.SERVICE), row.one_of("platform", PLATFORMS))


def _leaf(row: Row, root: Category) -> Category:
    """One leaf; nature and platform are its root's unless it says otherwise."""
    row.only(_LEAF_FIELDS)
    code = row.text("code", needed=True)
    if not (len(code) == 5 and code[:3] == f"{root.code}." and code[3:].isdigit() and code.isascii()):
        row.wrong("not_under_root", "code", code=code, root=root.code)
    platform = row.one_of("platform", PLATFORMS) if "platform" in row.raw else root.platform
    return _category(row, code, root.code, row.member(Nature, "nature", root.nature), platform)


def _category(row: Row, code: str, parent: str, nature: Nature, platform: str) -> Category:
    """A category from its row."""
    name_zh, name_en, icon = (row.text(name, needed=True) for name in _NAMES)
    filing, filing_en, closing, closing_en = (row.text(name) for name in _CONDITIONS)
    card = row.row("card")
    return Category(
        code,
        name_zh,
        name_en,
        parent,
        nature,
        icon,
        platform,
        row.member(Magnitude, "magnitude", Magnitude.MINOR),
        row.member(Level, "first_level", Level.COMMUNITY),
        row.member(CheckMode, "check_mode", CheckMode.PHOTO),
        row.words("skills"),
        row.flag("evidence", True),
        row.flag("sensitive", False),
        row.number("merge_radius_m", 30.0, most=MOST_RADIUS_M),
        row.number("merge_window_h", 24.0, most=MOST_WINDOW_H, above=True),
        row.flag("verify", False),
        row.words("outside", OUTSIDE),
        row.words("tell", TOLD),
        row.flag("auto_dispatch", False),
        row.text("merge_group"),
        filing,
        filing_en,
        closing,
        closing_en,
        None if card is None else _card(card),
    )


def _card(row: Row) -> ResponseCard:
    """A card, with as many lines in the one language as in the other."""
    row.only((*_CARD_LINES, "contacts"))
    lines = [row.words(name) for name in _CARD_LINES]
    for which, name in ((0, "questions_en"), (2, "safety_en")):
        if len(lines[which]) != len(lines[which + 1]):
            row.wrong("card_lines", name, zh=len(lines[which]), en=len(lines[which + 1]))
    return ResponseCard(lines[0], lines[1], lines[2], lines[3], tuple(_contact(each) for each in row.rows("contacts")))


def _contact(row: Row) -> Contact:
    """Whom a card says to call."""
    row.only(("name_zh", "name_en", "number"))
    return Contact(row.text("name_zh", needed=True), row.text("name_en", needed=True), row.text("number"))


def _add(found: dict[str, Category], places: dict[str, Path], row: Row, category: Category) -> None:
    """Keep a category whose code is new."""
    if category.code in found:
        row.wrong("category_twice", "code", places[category.code], code=category.code)
        return
    found[category.code] = category
    places[category.code] = (*row.path, "code")


def _whole(missing: list[str]) -> Mistake:
    """The roots that are not there."""
    return Mistake((), "roots_missing", {"codes": ", ".join(missing)})
