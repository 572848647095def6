"""Files an administrator hands in: every mistake is named with file, line and column, in both languages, none only first."""

from __future__ import annotations

import io
import re
import string
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import tomli_w

import governance
import server.rules_admin
from governance.rules import DutyRow, Rules
from governance.seed_rules import reasons_from_toml, rules_from_toml
from server.rules_admin import exporting
from server.rules_admin.gathering import Known, gather
from server.rules_admin.sources import MOST_BYTES, Source, of_bytes, read
from server.rules_admin.telling import Telling
from server.rules_admin.words import DIFFERENCE, SAID, WRONG

TEXT = (Path(governance.__file__).parent / "categories.toml").read_text("utf-8")
CATEGORIES, LIMITS = rules_from_toml(TEXT)
CENTRE, STREET, OFFICE = UUID(int=1), UUID(int=2), UUID(int=3)
UNITS = {"C990001": CENTRE, "S990001001": STREET, "O990001001001": OFFICE}
GRIDS = tuple(f"990001{street:03d}001{grid:03d}" for street in (1, 2) for grid in (1, 2))
AREAS = frozenset(code[:digits] for code in GRIDS for digits in (6, 9, 12, 15))
KNOWN = Known(UNITS, AREAS, GRIDS, {"990001": CENTRE}, {"990001": CENTRE}, {})
MATRIX = (DutyRow("", "990001001", STREET, "lead"), DutyRow("03.01", "990001", CENTRE, "check", 3))
WEIGHTS = {"skill": 1.0, "load": -0.5}
BASE = Rules(
    1, CATEGORIES, LIMITS, MATRIX, queue_units={"990001": CENTRE}, backstop_units={"990001": CENTRE},
    reason_codes=reasons_from_toml(TEXT), candidate_weights=WEIGHTS,
)  # fmt: skip


def source(name: str, text: str | bytes) -> Source:
    """A file of a name."""
    return of_bytes(name, text.encode("utf-8") if isinstance(text, str) else text)


def told(name: str, text: str | bytes, known: Known | None = KNOWN, language: str = "en") -> list[str]:
    """What is said of a file."""
    _, found = gather(BASE, [source(name, text)], known)
    out = io.StringIO()
    Telling(language, out).wrong(found)
    return out.getvalue().splitlines()[:-1]


LIMIT_HEADER = "category,area,stage,urgency,amount,unit"
DUTY_HEADER = "category,area,unit,duty,priority"
DAY_HEADER = "day,kind,am_start,am_end,pm_start,pm_end"
FULL = exporting.written(BASE, {unit: (code, "") for code, unit in UNITS.items()}, {})["limits.csv"].decode("utf-8-sig")


def lines(*each: str) -> str:
    """Lines of a file."""
    return "".join(f"{line}\n" for line in each)


LAST = len(LIMITS) + 1
BAD: list[tuple[str, str, str | bytes, list[str] | None]] = [
    ("empty", "a.csv", "", ["a.csv: the file is empty"]),
    ("only blanks", "a.toml", " \n\t\n", ["a.toml: the file is empty"]),
    ("only a mark", "a.csv", b"\xef\xbb\xbf", ["a.csv: the file is empty"]),
    ("ten megabytes", "a.csv", b"x" * 10_000_000, ["a.csv: the file is too large (10,000,000 bytes, at most 2,097,152)"]),
    (
        "gbk",
        "a.csv",
        lines(DUTY_HEADER, ",990001,单位,lead,0").encode("gbk"),
        ["a.csv:2:1: the file is in GBK: save it as “CSV UTF-8” in your spreadsheet"],
    ),
    ("utf-16", "a.csv", LIMIT_HEADER.encode("utf-16"), ["a.csv:1:1: the file is no UTF-8 text"]),
    ("bytes of nothing", "a.csv", b"\x00\x01\x02", ["a.csv: the file is no UTF-8 text"]),
    ("a picture", "a.csv", b"\x89PNG\r\n\x1a\n", ["a.csv:1:1: the file is no UTF-8 text"]),
    ("another kind", "a.xlsx", "x", ["a.xlsx: a file of no kind we know; it must end in .toml .csv"]),
    ("no toml", "a.toml", "[settings]\nladder = [\n", ["a.toml: this is no TOML: Invalid value"]),
    ("no toml somewhere", "a.toml", "[settings]\nladder = = 3\n", ["a.toml:2:10: this is no TOML: Invalid value"]),
    ("deep toml", "a.toml", "a = " + "[" * 5000, None),
    (
        "toml of another thing",
        "a.toml",
        "[colours]\nred = 1\n",
        [
            "a.toml: there are no rules in it: it should have root, limit, reasons, settings",
            "a.toml:1:1: no such field: colours",
        ],
    ),
    (
        "wrong header",
        "a.csv",
        "name,phone\n1,2\n",
        [f"a.csv:1:1: the header is wrong; it must be one of: {LIMIT_HEADER}; {DUTY_HEADER}; {DAY_HEADER}"],
    ),
    ("no header", "a.csv", "03.01,,resolve,normal,4,work_hour\n", None),
    (
        "unknown column",
        "a.csv",
        lines(f"{DAY_HEADER},colour", "2027-01-01,rest,,,,,"),
        [f"a.csv:1:42: no such column: “colour”; there are {DAY_HEADER}"],
    ),
    (
        "missing column",
        "a.csv",
        lines("category,area,duty", ",990001,lead"),
        [f"a.csv:1:1: the column unit is missing; there are {DUTY_HEADER}"],
    ),
    ("column twice", "a.csv", lines("day,kind,day", "2027-01-01,rest,"), ["a.csv:1:1: the column day stands twice"]),
    ("nothing below", "a.csv", lines(DUTY_HEADER, ""), ["a.csv: there is nothing under the header"]),
    ("too few cells", "a.csv", lines(DAY_HEADER, "2027-01-01,rest"), ["a.csv:2:1: the line has 2 cells, the header 6"]),
    ("a line without end", "a.csv", lines(DAY_HEADER, "x" * 5000), ["a.csv:2:1: a line is too long, at most 4,000 letters"]),
    ("a quote without end", "a.csv", lines(DAY_HEADER, '"2027-01-01,rest,,,,'), None),
    (
        "limits",
        "a.csv",
        FULL.replace("\r", "")
        + lines(
            "03.01,,resolve,normal,9,minute,", "77.01,,ack,normal,1,minute,", ",33,ack,urgent,-1,minute,", ",,nap,soon,x,week,"
        ),
        [
            f"a.csv:{LAST + 1}:1: the same limit as in line 43",
            f"a.csv:{LAST + 2}:1: there is no category 77.01",
            f"a.csv:{LAST + 3}:2: there is no area 33",
            f"a.csv:{LAST + 3}:16: amount must be more than 0, not -1",
            f"a.csv:{LAST + 4}:3: stage cannot be “nap”; there are",
            f"a.csv:{LAST + 4}:7: urgency cannot be “soon”; there are immediate, normal, urgent",
            f"a.csv:{LAST + 4}:12: amount must be a number, not “x”",
            f"a.csv:{LAST + 4}:14: unit cannot be “week”; there are",
        ],
    ),
    (
        "what a spreadsheet makes of codes",
        "a.csv",
        lines(DUTY_HEADER, "3.01,3.30104E+14,S990001001,assist,0", "3,990001,S990001001,assist,0"),
        [
            "a.csv:2:1: a spreadsheet has dropped the 0 of category “3.01”, perhaps 03.01",
            "a.csv:2:6: a spreadsheet has shortened the area “3.30104E+14”",
            "a.csv:3:1: a spreadsheet has dropped the 0 of category “3”, perhaps 03",
        ],
    ),
    ("a limit nowhere set", "a.csv", lines(LIMIT_HEADER, ",,ack,normal,1,minute"), None),
    (
        "duties",
        "a.csv",
        lines(
            DUTY_HEADER,
            "03,990001001,S990001001,lead,0",
            "03,990001001,C990001,lead,1",
            "03,990001001,S990001001,lead,0",
            ",990001009,X1,own,1.5",
        ),
        [
            "a.csv:3:1: category 03 has a lead in 990001001 already, in line 2",
            "a.csv:4:1: the same row as line 2",
            "a.csv:5:2: there is no area 990001009",
            "a.csv:5:12: there is no unit X1",
            "a.csv:5:15: duty cannot be “own”; there are assist, check, lead",
            "a.csv:5:19: priority must be a whole number, not 1.5",
        ],
    ),
    (
        "days",
        "a.csv",
        lines(
            DAY_HEADER,
            "2026-02-30,rest,,,,",
            "2026-02-28,makeup_work,08:30,,,",
            "2026-02-28,nap,9:00,12:00,11:00,17:00",
            "2026-03-02,rest,08:30,12:00,,",
            "2026-03-03,work,8h,25:00,,",
        ),
        [
            "a.csv:2:1: there is no day “2026-02-30”; write 2026-02-28",
            "a.csv:3:24: a span needs both its start and its end",
            "a.csv:4:1: 2026-02-28 stands in line 3 already",
            "a.csv:4:12: kind cannot be “nap”; there are makeup_work, rest, work",
            "a.csv:4:27: two spans overlap",
            "a.csv:5:17: a day of rest has no hours",
            "a.csv:6:17: “8h” is no time of the day; write 08:30",
            "a.csv:6:20: “25:00” is no time of the day; write 08:30",
        ],
    ),
    (
        "settings",
        "a.toml",
        lines(
            "[settings]",
            'ladder = ["street", "grid"]',
            'hours = [["8:30"]]',
            "sample_percent = 101",
            "widen_step = 0",
            'reopen_days = "x"',
            'plan_areas = ["33"]',
            "colour = 1",
            "",
            "[settings.suspend_days]",
            "defer = 0",
            "rest = 1",
            "",
            "[reasons]",
            "reject = []",
        ),
        [
            "a.toml:2:1: the ladder goes up, has two rungs at least, ends in district",
            'a.toml:3:1: write [["08:30", "12:00"], ["13:30", "17:30"]]',
            "a.toml:4:1: sample_percent must be 0 to 100, not 101",
            "a.toml:5:1: widen_step must be 1 to 100, not 0",
            "a.toml:6:1: reopen_days must be a number, not “x”",
            "a.toml:7:1: there is no area 33",
            "a.toml:8:1: no such field: colour",
            "a.toml:11:1: defer must be more than 0, not 0",
            "a.toml:12:1: no such field: rest",
            "a.toml:14:1: decline needs reason codes, each a plain word",
            "a.toml:15:1: reject needs reason codes, each a plain word",
        ],
    ),
    ("settings of another shape", "a.toml", "settings = 3\nreasons = [1]\nroot = 4\nlimit = [5]\n", None),
]


@pytest.mark.parametrize(("name", "text", "says"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_everything_wrong_in_a_file_is_named_with_its_place(name: str, text: str | bytes, says: list[str] | None) -> None:
    found = told(name, text)
    assert found
    if says is not None:
        assert len(found) == len(says), found
        assert [line for line, wanted in zip(found, says, strict=True) if not line.startswith(wanted)] == []
    chinese = told(name, text, language="zh")
    assert len(chinese) == len(found)
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in chinese)


def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    closed = tmp_path / "closed.csv"
    closed.write_text("x")
    codes = {read(file).mistakes[0].code for file in (tmp_path, tmp_path / "none.csv", tmp_path / "x" / "y.csv")}
    assert codes == {"file_is_folder", "file_missing"}
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert read(big).mistakes[0].code == "file_too_large"


WHOLE = [
    (
        "a leaf without lead and back-stop",
        f"{DUTY_HEADER}\n,990001001,S990001001,lead,0\n",
        replace(KNOWN, backstop_units={}),
        "a.csv: categories 01.01, 01.02, 01.03, 02.01, 02.02 … have neither lead nor back-stop in 2 grids "
        "(990001002001001, 990001002001002)",
    ),
    (
        "one leaf without lead",
        f"{DUTY_HEADER}\n"
        + "".join(f"{code},990001,C990001,lead,0\n" for code, c in CATEGORIES.items() if c.is_leaf and code != "09.01"),
        replace(KNOWN, backstop_units={}),
        "a.csv: categories 09.01 have neither lead nor back-stop in 4 grids",
    ),
]


@pytest.mark.parametrize(("text", "known", "says"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_a_matrix_that_leaves_somebody_without_lead_is_named(text: str, known: Known, says: str) -> None:
    (found,) = told("a.csv", text, known)
    assert found.startswith(says)


def test_a_category_that_open_incidents_use_cannot_go() -> None:
    raw = tomli_w.dumps({"root": roots_without("10.03")})
    known = replace(KNOWN, in_use={"10.03": tuple(f"QX01-20280101-{n:04d}" for n in range(5)), "03.01": ("QX01-1",)})
    assert told("a.toml", raw, known) == [
        "a.toml: category 10.03 has 5 incidents that are open or may be reopened "
        "(QX01-20280101-0000, QX01-20280101-0001, QX01-20280101-0002 …) and cannot go"
    ]
    assert told("a.toml", raw) == []


def test_a_category_that_limits_or_duties_use_cannot_go() -> None:
    assert told("a.toml", tomli_w.dumps({"root": roots_without("03.01")})) == [
        "a.toml: a limit in force is of category 03.01, which is gone",
        "a.toml: the duty matrix is of category 03.01, which is gone",
    ]


def roots_without(code: str) -> object:
    """The categories that ship, but for one leaf."""
    import tomllib

    roots = tomllib.loads(TEXT)["root"]
    for root in roots:
        root["leaf"] = [leaf for leaf in root["leaf"] if leaf["code"] != code]
    return roots


def test_what_two_files_both_say_is_refused() -> None:
    two = [source(name, f"{DAY_HEADER}\n2027-01-01,rest,,,,\n") for name in ("a.csv", "b.csv")]
    _, found = gather(BASE, two, KNOWN)
    assert [(each.file, each.mistake.code) for each in found] == [("b.csv", "part_twice")]


def test_mistakes_come_file_by_file_from_the_top() -> None:
    files = [
        source("b.csv", f"{DAY_HEADER}\n2027-13-01,rest,,,,\n2027-01-01,nap,,,,\n"),
        source("a.toml", "[settings]\nreopen_days = -1\nsample_percent = -1\n"),
    ]
    _, found = gather(BASE, files, KNOWN)
    places = [(each.file, each.place.line) for each in found]
    assert places == [("b.csv", 2), ("b.csv", 3), ("a.toml", 2), ("a.toml", 3)]


def test_every_mistake_there_can_be_has_its_words_in_both_languages() -> None:
    folders = (Path(governance.__file__).parent, Path(server.rules_admin.__file__).parent)
    text = "".join(file.read_text("utf-8") for folder in folders for file in sorted(folder.glob("*.py")))
    codes = set(re.findall(r'\.wrong\(\s*"(\w+)"', text)) | set(re.findall(r'_refused\(\s*name, (?:digest|""), "(\w+)"', text))
    codes |= set(re.findall(r'Mistake\(\([^"]*(?:"[^"]*")?[^"]*\), "(\w+)"', text)) | {"not_more_than", "out_of_range"}
    assert codes - set(WRONG) == set()
    for table in (WRONG, SAID, DIFFERENCE):
        for code, (zh, en) in table.items():
            fields = [sorted(field for _, field, *_ in string.Formatter().parse(said) if field) for said in (zh, en)]
            assert fields[0] == fields[1] or code in ("not_a_day",), code
            assert zh != en


def test_a_mistake_without_its_parameters_is_still_said() -> None:
    out = io.StringIO()
    Telling("en", out).say("planned", {})
    assert out.getvalue() == "mind: version ? still takes force from ?\n"


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    found = told("a.csv", f"{DAY_HEADER}\n2027\x1b[2J,rest,,,,\n")
    assert "\x1b" not in "".join(found)
