"""The endless picture in a texture that wraps around: every pixel is held once, and a pan forgets nothing that is in sight."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from desktop.map.torus import Part, Torus

TORUS = Torus(37, 29, 3)
AHEAD = 9
WIDE, TALL = TORUS.wide - AHEAD, TORUS.tall - AHEAD
steps = st.lists(st.tuples(st.integers(-60, 60), st.integers(-60, 60)), min_size=1, max_size=12)


def texels(part: Part) -> list[tuple[int, int]]:
    return [TORUS.corner(x, y) for x in range(part.left, part.right) for y in range(part.low, part.high)]


@given(st.integers(-90, 90), st.integers(-90, 90), st.integers(1, TORUS.wide), st.integers(1, TORUS.tall))
def test_a_part_is_cut_into_pieces_that_lie_whole_in_the_texture(left, low, wide, tall):
    part = Part(left, low, left + wide, low + tall)
    pieces = TORUS.pieces(part)
    assert len(pieces) <= 4
    held = []
    for piece in pieces:
        x, y = TORUS.corner(piece.left, piece.low)
        assert x + piece.wide <= TORUS.wide
        assert y + piece.tall <= TORUS.tall
        held += texels(piece)
    assert len(held) == len(set(held)) == wide * tall
    assert set(held) == set(texels(part))


@given(steps)
def test_whatever_is_in_sight_was_drawn_since_something_else_lay_in_its_place(way):
    drawn: dict[tuple[int, int], tuple[int, int]] = {}
    seen = Part(0, 0, WIDE, TALL)
    filled = seen
    todo: tuple[Part, ...] = (seen,)
    for right, up in [(0, 0), *way]:
        seen = Part(seen.left + right, seen.low + up, seen.right + right, seen.high + up)
        if not filled.holds(seen):
            kept = TORUS.kept(filled, seen, AHEAD)
            todo, filled = kept.without(filled), kept
        for part in todo:
            for x in range(part.left, part.right):
                for y in range(part.low, part.high):
                    drawn[TORUS.corner(x, y)] = (x, y)
        todo = ()
        assert filled.wide <= TORUS.wide
        assert filled.tall <= TORUS.tall
        for x in (seen.left, seen.right - 1, *range(seen.left, seen.right, 7)):
            for y in (seen.low, seen.high - 1, *range(seen.low, seen.high, 5)):
                assert drawn[TORUS.corner(x, y)] == (x, y)


def test_a_small_step_draws_a_strip_and_then_nothing_for_a_while():
    filled = Part(0, 0, WIDE, TALL)
    seen = Part(2, 0, WIDE + 2, TALL)
    kept = TORUS.kept(filled, seen, AHEAD)
    assert [part.wide * part.tall for part in kept.without(filled)] == [(kept.right - WIDE) * TALL]
    assert kept.holds(Part(AHEAD, 0, WIDE + AHEAD, TALL))


@given(st.data())
def test_what_is_taken_away_and_what_remains_are_the_whole(data):
    def part() -> Part:
        left, right = sorted(data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
        low, high = sorted(data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
        return Part(left, low, right, high)

    whole, taken = part(), part()
    count = np.zeros((10, 10), int)
    for each in (*whole.without(taken), whole.shared_with(taken)):
        count[each.low : max(each.high, each.low), each.left : max(each.right, each.left)] += 1
    wanted = np.zeros((10, 10), int)
    wanted[whole.low : whole.high, whole.left : whole.right] = 1
    assert (count == wanted).all()
