"""A draft is edited whole or not at all, undone and done again, and found again after the program died in any moment."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from bench.noded import noded
from gis_data.boundaries.check import Layer, check
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.drafting import About, Draft
from gis_data.boundaries.edition import Area, difference
from gis_data.boundaries.journal import REDO, UNDO, BadJournal, Journal, as_json, of_json
from gis_data.boundaries.lattice import Lattice
from gis_data.boundaries.mesh import NotAllowed, Point

PLANE = SourceCrs.named("EPSG:4549")
WEST, EAST = "330104005051", "330104005052"


def edition() -> list[Area]:
    """Sixteen grids, the first eight in the west; their codes do not follow the rule of numbering."""
    shapes = noded(4, 2).polygons()
    return [
        Area(f"{WEST if k < 8 else EAST}{k % 8 + 1:03}", f"第{k}网格", WEST if k < 8 else EAST, shape)
        for k, shape in enumerate(shapes)
    ]


def a_draft() -> Draft:
    areas = edition()
    return Draft(areas, Lattice.around(shapely.total_bounds([area.shape for area in areas]), PLANE))


@pytest.fixture
def draft() -> Draft:
    return a_draft()


def across(draft: Draft, area: int) -> list[Point]:
    left, low, right, high = shapely.bounds(draft.mesh.polygon(area)).tolist()
    return [(round(left) - 9_000, round((low + high) / 2)), (round(right) + 9_000, round((low + high) / 2) + 5_000)]


def standing(draft: Draft) -> list[tuple[About, bytes]]:
    return [(draft.about[area], shapely.to_wkb(draft.mesh.polygon(area).normalize())) for area in sorted(draft.about)]


def test_nothing_done_is_the_edition_itself_to_the_last_digit(draft: Draft) -> None:
    old, new = edition(), draft.areas()
    assert [(area.code, area.name, area.parent) for area in new] == [(area.code, area.name, area.parent) for area in old]
    assert all(
        shapely.equals_exact(a.shape.normalize(), b.shape.normalize(), tolerance=0.0) for a, b in zip(old, new, strict=True)
    )
    assert draft.changed() == frozenset()


def test_a_divided_grid_has_a_code_of_its_own_and_a_merged_one_keeps_the_first(draft: Draft) -> None:
    draft.divide(6, across(draft, 6), "景昙东网格")
    assert draft.about[17] == About(f"{WEST}009", "景昙东网格", WEST)
    draft.merge(6, 17)
    assert 17 not in draft.about
    assert draft.about[6].code == f"{WEST}006"
    assert difference(edition(), draft.areas(), PLANE).added == ()
    with pytest.raises(NotAllowed, match="other_parent"):
        draft.merge(8, 12)


def test_a_grid_given_to_another_community_is_coded_there_and_the_whole_stays_right(draft: Draft) -> None:
    draft.give_to(5, EAST)
    assert draft.about[5] == About(f"{EAST}009", "第4网格", EAST)
    report = check(
        Layer(np.array([area.shape for area in draft.areas()], dtype=object), PLANE, tuple(a.code for a in draft.areas()))
    )
    assert report.defects == ()
    found = difference(edition(), draft.areas(), PLANE)
    assert (found.recoded, found.moved) == (((f"{WEST}005", f"{EAST}009"),), ((f"{EAST}009", WEST, EAST),))


def test_a_community_is_numbered_anew_by_the_rule(draft: Draft) -> None:
    draft.renumber(WEST)
    by_code = sorted((about.code, area) for area, about in draft.about.items() if about.parent == WEST)
    centres = [draft.mesh.polygon(area).centroid for _, area in by_code]
    assert [code[-3:] for code, _ in by_code] == [f"{k:03}" for k in range(1, 9)]
    rows = [centres[k : k + 2] for k in range(0, 8, 2)]  # two columns, four rows
    assert all(west.x < east.x for west, east in rows)
    assert all(min(c.y for c in upper) > max(c.y for c in lower) for upper, lower in itertools.pairwise(rows))


REFUSED: dict[str, tuple[Callable[[Draft], object], str]] = {
    "a code of another": (lambda d: d.call(1, code=f"{WEST}002"), "code_taken"),
    "a code elsewhere": (lambda d: d.call(1, code=f"{EAST}099"), "code_wrong"),
    "a code too short": (lambda d: d.call(1, code=f"{WEST}9"), "code_wrong"),
    "no name": (lambda d: d.call(1, name=" "), "no_name"),
    "an area that is none": (lambda d: d.call(99, name="x"), "no_area"),
    "its own community": (lambda d: d.give_to(1, WEST), "itself"),
    "a community without grids": (lambda d: d.renumber("330104009009"), "no_area"),
    "a line beside": (lambda d: d.divide(6, [(0, 0), (5, 5)]), "not_across"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_changes_nothing(case: str, draft: Draft) -> None:
    act, reason = REFUSED[case]
    before = standing(draft)
    with pytest.raises(NotAllowed) as refused:
        act(draft)
    assert refused.value.reason == reason
    assert standing(draft) == before
    assert draft.done == []


def some_acts(draft: Draft, journal: Journal | None = None) -> None:
    """Acts of every kind, with some taken back and one done again."""
    acts: list[Callable[[], object]] = [
        lambda: draft.divide(6, across(draft, 6)),
        lambda: draft.call(17, name="新网格"),
        lambda: draft.merge(1, 2),
        lambda: draft.give_to(8, EAST),
        lambda: draft.renumber(EAST),
        draft.undo,
        draft.undo,
        draft.redo,
        lambda: draft.move(*inner_vertex(draft, 11, 10)),
        lambda: draft.divide(11, across(draft, 11)),
    ]
    for act in acts:
        step = act()
        if journal is not None:
            journal.write(UNDO if act == draft.undo else REDO if act == draft.redo else step)  # type: ignore[arg-type]


def inner_vertex(draft: Draft, area: int, other: int) -> tuple[int, int, Point]:
    (arc,) = draft.mesh.shared(area, other)
    x, y = draft.mesh.arcs[arc].points[2]
    return arc, 2, (x + 2_000, y - 3_000)


def test_all_is_undone_and_done_again(draft: Draft) -> None:
    first = standing(draft)
    some_acts(draft)
    last = standing(draft)
    while draft.undo() is not None:
        pass
    assert standing(draft) == first
    assert draft.changed() == frozenset()
    while draft.redo() is not None:
        pass
    assert standing(draft) == last
    assert {17, 18} <= draft.changed()


def test_a_draft_is_found_again_after_the_program_died_between_any_two_acts(draft: Draft, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drafts" / "d.jsonl")
    journal.begin("edition 1")
    some_acts(draft, journal)
    again = a_draft()
    assert journal.read_into(again, "edition 1") == 11
    assert standing(again) == standing(draft)
    assert again.divide(6, across(again, 6)) is not None, "numbers of new areas go on"
    whole = journal.path.read_bytes()
    ends = [k + 1 for k, byte in enumerate(whole) if byte == 10]
    for cut in (ends[3], ends[3] + 7, ends[-1] - 1, ends[0]):
        journal.path.write_bytes(whole[:cut])
        partly = a_draft()
        journal.read_into(partly, "edition 1")
        assert len(journal.path.read_bytes()) == max(end for end in ends if end <= cut)
        journal.write(partly.call(3, name="再来"))  # the next act goes onto a line of its own
        once_more = a_draft()
        journal.read_into(once_more, "edition 1")
        assert standing(once_more) == standing(partly)


def test_a_journal_whose_first_line_was_never_whole_is_begun_again(draft: Draft, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "d.jsonl")
    journal.path.write_bytes(b'{"basis": "edi')
    with pytest.raises(BadJournal, match="no_beginning"):
        journal.read_into(a_draft(), "edition 1")
    journal.begin("edition 1")
    assert journal.read_into(draft, "edition 1") == 1


def test_a_full_disk_leaves_no_half_a_line(draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "d.jsonl")
    journal.begin("edition 1")
    journal.write(draft.call(1, name="一"))
    before = journal.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("gis_data.boundaries.journal.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            journal.write(draft.call(2, name="二"))
    assert journal.path.read_bytes() == before
    journal.write(draft.call(3, name="三"))
    assert journal.read_into(a_draft(), "edition 1") == 3


def test_a_code_that_was_an_areas_is_not_given_to_another(draft: Draft) -> None:
    draft.merge(1, 2)
    draft.divide(1, across(draft, 1))
    assert draft.about[17].code == f"{WEST}009"
    with pytest.raises(NotAllowed, match="code_wrong"):
        draft.give_to(1, "3301040050510011")


def test_a_journal_of_other_boundaries_or_with_a_damaged_line_is_refused(draft: Draft, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "d.jsonl")
    journal.begin("edition 1")
    some_acts(draft, journal)
    with pytest.raises(BadJournal, match="other_boundaries"):
        journal.read_into(a_draft(), "edition 2")
    lines = journal.path.read_bytes().split(b"\n")
    for damage in (b"{", b"[]", b'{"act": "move"}', b'{"act":"x","arcs":{"1":[1]},"areas":{},"about":{}}', b"\xff"):
        journal.path.write_bytes(b"\n".join([*lines[:3], damage, *lines[4:]]))
        with pytest.raises(BadJournal) as bad:
            journal.read_into(a_draft(), "edition 1")
        assert bad.value.line == 4
    with pytest.raises(FileExistsError):
        journal.begin("edition 1")


def test_a_step_is_the_same_after_it_was_written(draft: Draft) -> None:
    some_acts(draft)
    assert all(of_json(as_json(step)) == step for step in draft.done)
