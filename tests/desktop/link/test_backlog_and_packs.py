"""The pure parts of the link: orders that wait, packs that come in slices, packs on disk, the server's clock."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from desktop.link.backlog import LONGEST_PAUSE_S, Backlog
from desktop.link.clockwork import ServerClock
from desktop.link.pack_cache import PackCache
from desktop.link.pack_fetch import ANSWER_S, TRIES, PackFetch, Wanted
from governance.commands import RaiseLevel
from tests.governance.field import NOON
from wire.codec import encode_command
from wire.requests import Caller, Order


def order(number: int) -> Order:
    return Order(0, UUID(int=number), "raise_level", encode_command(RaiseLevel("stuck")), UUID(int=99), 1, NOON)


def test_an_order_goes_out_at_once_and_again_with_growing_pauses() -> None:
    backlog = Backlog()
    backlog.add(order(1), 0.0)
    sent_at = [tenth / 10 for tenth in range(1000) if backlog.due(tenth / 10)]
    pauses = [round(later - sooner, 1) for sooner, later in itertools.pairwise(sent_at)]
    assert sent_at[0] == 0.0
    assert pauses == [1, 2, 4, 8, *[LONGEST_PAUSE_S] * (len(pauses) - 4)]


acts = st.lists(st.tuples(st.sampled_from(["add", "answer", "wait", "restart", "hurry"]), st.integers(0, 9)), max_size=60)


@given(acts)
def test_no_order_is_lost_and_none_answered_comes_back(acts: list[tuple[str, int]]) -> None:
    backlog, open_orders, now_s = Backlog(), dict[UUID, None](), 0.0
    answered: set[UUID] = set()
    for act, number in acts:
        made = order(number)
        if act == "add" and made.order_id not in answered:
            backlog.add(made, now_s)
            open_orders.setdefault(made.order_id)
        elif act == "answer":
            assert backlog.answered(made.order_id) == (made.order_id in open_orders)
            if open_orders.pop(made.order_id, 0) is None:
                answered.add(made.order_id)
        elif act == "wait":
            now_s += number
            assert {o.order_id for o in backlog.due(now_s)} <= set(open_orders)
        elif act == "restart":
            backlog = Backlog(backlog.kept())
        else:
            backlog.hurry()
            assert [o.order_id for o in backlog.due(now_s)] == list(open_orders)
        assert [o.order_id for o in backlog] == list(open_orders)
    assert {o.order_id for o in backlog.due(now_s + LONGEST_PAUSE_S)} == set(open_orders)


def test_what_was_kept_comes_back_whole_and_rubbish_is_said_to_be_rubbish() -> None:
    backlog = Backlog()
    backlog.add(order(1), 5.0)
    assert list(Backlog(backlog.kept())) == [order(1)]
    assert Backlog(backlog.kept()).due(0.0) == (order(1),)
    with pytest.raises(ValueError, match="no backlog"):
        Backlog(b"rubbish")
    assert Backlog().next_s() == float("inf")


DATA = bytes(range(256)) * 3
SHA = hashlib.sha256(DATA).hexdigest()


def fetch() -> PackFetch:
    made = PackFetch()
    made.want(Wanted("areas", SHA, len(DATA)))
    return made


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_a_pack_is_put_together_from_slices_of_any_size(sizes: list[int]) -> None:
    making, now_s, whole = fetch(), 0.0, None
    for turn in range(2000):
        asked = making.ask(now_s)
        if asked is None:
            break
        _, offset, _ = asked
        size = sizes[turn % len(sizes)]
        whole = making.came(SHA, offset, len(DATA), DATA[offset : offset + size])
        if whole is not None:
            making.drop()
    assert whole == DATA
    assert making.current is None


def test_a_slice_that_never_comes_is_asked_for_again_and_at_last_given_up() -> None:
    making = fetch()
    asked_at = [second for second in range(200) if not making.has_given_up() and making.ask(float(second))]
    assert asked_at == [turn * int(ANSWER_S) for turn in range(TRIES + 1)]
    assert making.has_given_up()


@pytest.mark.parametrize(
    ("sha256", "offset", "total", "data"),
    [
        (SHA, 5, len(DATA), DATA[5:9]),
        ("00" * 32, 0, len(DATA), DATA),
        (SHA, 0, len(DATA) + 1, DATA),
        (SHA, 0, len(DATA), b""),
        (SHA, 0, len(DATA), DATA + b"more"),
    ],
)
def test_a_slice_that_does_not_fit_makes_no_pack(sha256: str, offset: int, total: int, data: bytes) -> None:
    making = fetch()
    making.ask(0.0)
    assert making.came(sha256, offset, total, data) is None


def test_a_pack_on_disk_is_verified_every_time(tmp_path: Path) -> None:
    cache = PackCache(tmp_path / "packs")
    assert cache.get(SHA) is None
    assert cache.put(SHA, DATA)
    assert cache.get(SHA) == DATA
    (tmp_path / "packs" / SHA).write_bytes(DATA[:-1])
    assert cache.get(SHA) is None
    assert not (tmp_path / "packs" / SHA).exists()
    assert not cache.put(SHA, b"other bytes")
    assert cache.get(SHA) is None


def test_packs_of_other_towns_are_taken_away(tmp_path: Path) -> None:
    cache, other = PackCache(tmp_path), hashlib.sha256(b"other").hexdigest()
    cache.put(SHA, DATA)
    cache.put(other, b"other")
    (tmp_path / f"{other}.9.part").write_bytes(b"half")
    cache.keep_only({SHA})
    assert [path.name for path in tmp_path.iterdir()] == [SHA]


@pytest.mark.parametrize("name", ["../secret", "", "AB" * 32, "g" * 64, "a" * 63])
def test_a_name_from_outside_that_is_no_hash_touches_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no hash"):
        PackCache(tmp_path).get(name)


def test_the_quickest_answer_says_how_the_clocks_differ() -> None:
    clock = ServerClock()
    for round_trip_s, way_there_s in ((0.4, 0.3), (0.01, 0.005), (1.0, 0.1)):
        sent = NOON
        server = sent + timedelta(seconds=way_there_s + 7)
        clock.answered(sent, server, sent + timedelta(seconds=round_trip_s))
    assert clock.offset_s == pytest.approx(7.0, abs=1e-6)
    assert clock.round_trip_s == 1.0
    clock.beat(NOON + timedelta(seconds=7), NOON + timedelta(seconds=0.25))
    assert clock.lag_s == pytest.approx(0.25, abs=1e-6)


def test_without_a_disk_packs_are_neither_found_nor_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = PackCache(tmp_path / "file" / "packs")
    assert cache.get(SHA) is None
    with pytest.raises(OSError, match=r".*"):
        cache.put(SHA, DATA)


def test_who_reported_goes_out_with_the_order_and_is_never_kept_on_disk() -> None:
    backlog = Backlog()
    backlog.add(structs.replace(order(1), reporter=Caller("李四", "13900001111")), 0.0)
    assert [sent.reporter for sent in backlog.due(0.0)] == [Caller("李四", "13900001111")]
    kept = backlog.kept()
    assert b"1390000" not in kept
    assert [sent.reporter for sent in Backlog(kept).due(0.0)] == [None]
