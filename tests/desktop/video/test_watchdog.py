"""What may be said about a picture, moment by moment, and what never may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.players.backlog import Backlog
from desktop.video_wall.sight_words import shown_words, spoken_age
from desktop.video_wall.watchdog import Failure, Patience, Sight, Watch, wait_s
from desktop.video_wall.words import LANGUAGES, say_in

Step = tuple[float, str, object]
LOST, REFUSED, WRONG = Failure.LOST, Failure.REFUSED, Failure.WRONG_ADDRESS


def after(steps: list[Step], patience: Patience | None = None) -> Watch:
    """The watch after some steps: (when, 'addressed' | 'frame' | 'failed' | 'retried', detail)."""
    watch = Watch(0.0, patience or Patience())
    for when, what, detail in steps:
        if what == "addressed":
            watch = watch.addressed()
        elif what == "frame":
            watch = watch.framed(when, detail if isinstance(detail, int) else None)
        elif what == "failed" and isinstance(detail, Failure):
            watch = watch.failed(when, detail, 0.0)
        else:
            watch = watch.retried(when)
    return watch


LIVE_UNTIL_10: list[Step] = [(float(k), "frame", k) for k in range(1, 11)]
CASES: list[tuple[str, list[Step], float, Sight]] = [
    ("nothing yet", [], 5.0, Sight.WAITING),
    ("an address came", [(1, "addressed", None)], 5.0, Sight.CONNECTING),
    ("a picture came", [(1, "addressed", None), (2, "frame", 1)], 2.1, Sight.LIVE),
    ("just not stale", LIVE_UNTIL_10, 11.99, Sight.LIVE),
    ("stale", LIVE_UNTIL_10, 12.01, Sight.STALE),
    ("still stale after minutes", LIVE_UNTIL_10, 300.0, Sight.STALE),
    ("the same picture, not long enough", [*LIVE_UNTIL_10, (12, "frame", 10), (13.9, "frame", 10)], 13.9, Sight.LIVE),
    ("the same picture for four seconds", [*LIVE_UNTIL_10, (12, "frame", 10), (14.1, "frame", 10)], 14.1, Sight.FROZEN),
    ("frozen and then nothing", [*LIVE_UNTIL_10, (14.1, "frame", 10)], 17.0, Sight.STALE),
    ("thawed", [*LIVE_UNTIL_10, (14.1, "frame", 10), (14.2, "frame", 11)], 14.2, Sight.LIVE),
    ("lost", [*LIVE_UNTIL_10, (11, "failed", LOST)], 11.0, Sight.RECONNECTING),
    ("lost before the first picture", [(1, "failed", LOST)], 1.1, Sight.RECONNECTING),
    ("back", [*LIVE_UNTIL_10, (11, "failed", LOST), (13, "frame", 10)], 13.1, Sight.LIVE),
    ("refused", [(1, "addressed", None), (2, "failed", REFUSED)], 60.0, Sight.REFUSED),
    ("no such stream", [(2, "failed", WRONG)], 2.0, Sight.WRONG_ADDRESS),
    ("refused while live", [*LIVE_UNTIL_10, (11, "failed", REFUSED)], 11.0, Sight.REFUSED),
    ("no pictures in it", [(1, "addressed", None), (2, "failed", Failure.NO_VIDEO)], 3.0, Sight.NO_VIDEO),
    ("played to its end", [*LIVE_UNTIL_10, (11, "failed", Failure.ENDED)], 900.0, Sight.ENDED),
    ("admitted after all", [(2, "failed", REFUSED), (3, "retried", None), (4, "frame", 1)], 4.0, Sight.LIVE),
]


@pytest.mark.parametrize(("steps", "now", "sight"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_picture_is_worth_what_happened(steps: list[Step], now: float, sight: Sight) -> None:
    assert after(steps).sight(now) is sight


events = st.lists(
    st.tuples(
        st.floats(0.01, 6.0),
        st.one_of(st.tuples(st.just("frame"), st.one_of(st.none(), st.integers(0, 3))),
                  st.tuples(st.just("failed"), st.sampled_from(list(Failure))),
                  st.tuples(st.just("retried"), st.none()), st.tuples(st.just("addressed"), st.none())),
    ), max_size=40)  # fmt: skip


@given(events, st.floats(0.0, 20.0))
def test_live_is_never_said_of_an_old_or_unchanged_picture(
    history: list[tuple[float, tuple[str, object]]], more: float
) -> None:
    now, steps = 0.0, []
    last_frame: float | None = None
    for gap, (what, detail) in history:
        now += gap
        steps.append((now, what, detail))
        last_frame = now if what == "frame" else last_frame
    now += more
    watch = after(steps)
    if watch.sight(now) is Sight.LIVE:
        assert last_frame is not None
        assert now - last_frame <= 2.0
        assert watch.unchanged_s(now) is not None
        assert watch.unchanged_s(now) <= 4.0  # type: ignore[operator]
    assert watch.age_s(now) == (None if last_frame is None else pytest.approx(now - last_frame))
    down = (Sight.REFUSED, Sight.WRONG_ADDRESS, Sight.RECONNECTING, Sight.NO_VIDEO, Sight.ENDED)
    assert (watch.sight(now) in down) == (watch.failure is not None)


@given(st.integers(0, 1000), st.floats(0.0, 1.0))
def test_the_wait_doubles_within_its_bounds(tries: int, chance: float) -> None:
    patience = Patience()
    waited = wait_s(patience, LOST, tries, chance)
    assert 0.5 <= waited <= 3.0 * 1.3
    assert wait_s(patience, LOST, tries + 1, chance) >= waited
    assert wait_s(patience, LOST, tries, 0.0) == min(0.5 * 2 ** min(tries, 20), 3.0)
    assert wait_s(patience, REFUSED, tries, chance) >= 30.0


def test_only_a_stream_that_settled_earns_the_shortest_wait_again() -> None:
    flapping = after([(1, "failed", LOST), (2, "frame", 1), (3, "failed", LOST), (5, "frame", 2), (6, "failed", LOST)])
    assert flapping.retry_at == 6 + 2.0
    settled = after([(1, "failed", LOST), (2, "failed", LOST), *[(3 + k, "frame", k) for k in range(7)], (10, "failed", LOST)])
    assert settled.retry_at == 10 + 0.5
    assert after([(1, "failed", REFUSED), (2, "retried", None)]).retry_at == 2


def test_the_time_a_try_took_counts_as_waiting() -> None:
    watch = after([(1, "failed", LOST), (2, "failed", LOST), (3, "failed", LOST)])
    assert watch.failed(10.0, LOST, 0.0).retry_at == 13.0
    assert watch.failed(10.0, LOST, 0.0, spent_s=2.0).retry_at == 11.0
    assert watch.failed(10.0, LOST, 0.0, spent_s=60.0).retry_at == 10.5
    assert watch.failed(10.0, Failure.ENDED, 0.0).retry_at is None, "a recording is not played again unasked"


@pytest.mark.parametrize(("captured_at", "badge"), [(60.0, "回放 40 s 前"), (None, "回放")])
def test_what_is_played_back_says_how_long_ago_it_was_and_never_that_it_is_live(captured_at: float | None, badge: str) -> None:
    watch = replace(Watch(0.0, is_playback=True).framed(99.9, None), captured_at=captured_at)
    assert watch.sight(100.0) is Sight.PLAYBACK
    assert shown_words(watch, 100.0, say_in("zh")).badge == badge
    assert watch.sight(300.0) is Sight.PLAYBACK


# --- words ---


def test_both_languages_have_the_same_texts_and_every_state_has_one() -> None:
    assert LANGUAGES["zh"].keys() == LANGUAGES["en"].keys()
    for sight in Sight:
        assert LANGUAGES["zh"][f"video.{sight}"]
    states = [LANGUAGES["zh"][f"video.{sight}"] for sight in Sight]
    assert len(set(states)) == len(states)


@pytest.mark.parametrize(
    ("age_s", "zh"),
    [(0.0, "0.1 s"), (0.04, "0.1 s"), (0.12, "0.2 s"), (1.95, "2.0 s"), (8.9, "8 s"), (119, "119 s"), (200, "3 分钟")],
)
def test_an_age_reads_as_an_officer_expects(age_s: float, zh: str) -> None:
    assert spoken_age(age_s, say_in("zh")) == zh


def test_a_badge_says_state_and_age() -> None:
    say = say_in("zh")
    assert shown_words(after(LIVE_UNTIL_10), 10.05, say).badge == "实时 0.1 s"
    assert shown_words(after(LIVE_UNTIL_10), 18.2, say).badge == "画面滞后 8 s"
    assert shown_words(after([*LIVE_UNTIL_10, (16.0, "frame", 10)]), 16.1, say).badge == "画面冻结 6 s"
    assert shown_words(after([(1, "failed", LOST)]), 3.0, say).headline == "无信号"
    assert shown_words(Watch(0.0).failed(1.0, REFUSED, 0.0, "此岗位无权查看"), 2.0, say).headline == "此岗位无权查看"


# --- falling behind ---


def test_decoding_that_falls_behind_goes_on_at_the_next_key_picture_at_the_live_edge() -> None:
    backlog = Backlog()
    assert backlog.admits(0.0, 0.06, 100.0, is_key=True)
    assert backlog.admits(0.066, 0.06, 100.066, is_key=False)
    assert not backlog.admits(1.5, 0.0, 100.133, is_key=False), "1.3 s late with more waiting behind it"
    assert not backlog.admits(1.5, 0.0, 100.5, is_key=True), "a key picture that is late itself"
    assert not backlog.admits(1.5, 0.0, 101.4, is_key=False), "no key picture yet"
    assert backlog.admits(1.52, 0.0, 101.5, is_key=True)
    assert backlog.admits(1.6, 0.05, 101.56, is_key=False)


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=30))
def test_time_stamps_that_jump_do_not_stop_a_picture_that_is_waited_for(stamps: list[float]) -> None:
    backlog = Backlog()
    assert all(backlog.admits(k * 0.066, 0.05, stamp, is_key=k == 0) for k, stamp in enumerate(stamps))


def test_to_live_passes_over_what_waits_and_nothing_else() -> None:
    backlog = Backlog()
    assert backlog.admits(0.0, 0.06, 100.0, is_key=True)
    backlog.to_live()
    assert backlog.admits(0.07, 0.06, 100.07, is_key=False), "nothing waits: nothing is passed over"
    backlog.to_live()
    assert not backlog.admits(0.3, 0.0, 100.14, is_key=False)
    assert not backlog.admits(0.3, 0.0, 100.2, is_key=True), "a key picture with more behind it"
    assert not backlog.admits(0.3, 0.05, 100.27, is_key=False), "the newest, which needs a key picture"
    assert backlog.admits(0.4, 0.05, 100.34, is_key=True)
