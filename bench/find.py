"""Ctrl+F while somebody types: from the letter to the painted list, over 1,000, 10,000 and 50,000 incidents and 1,600 workers.

Every letter of every search is one key press; what is timed is how long it holds the thread of the window. The first batch of
the filling also loads the readings of characters, once. Peers: `in` over the same texts, which finds no initials and ranks
nothing, and SQLite's FTS5 with trigrams in memory, which does not find what is shorter than three letters. The incidents are
those of the suite's fakes, so it needs `./gridwarden setup test`.
"""

from __future__ import annotations

import argparse
import importlib
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench.by_size import at_each_size

SIZES = (1_000, 10_000, 50_000)
WORKERS = 1_600
SEARCHES = ("0147", "景芳社区", "rqxl", "煤气味道很浓", "李建国 景芳", "三户居民已下楼", "zzzz", "wg 0147")
"""A number, a place, initials, words of a report, a person and a place, a sentence, nothing, initials and a number."""
ROUNDS = 5
TARGETS: dict[str, list[Any]] = {
    "key_press_ms_p95_at_1000": ["<=", 16],
    "key_press_ms_p95_at_10000": ["<=", 100],
    "filling_holds_window_ms_worst": ["<=", 50],
    "incidents": [">=", 50_000],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Milliseconds a key press holds the window's thread; `--rounds N` types everything so often."""
    parser = argparse.ArgumentParser(prog="bench find")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds: int = parser.parse_args(list(words)).rounds
    figures, peers = at_each_size(SIZES, lambda size: _measured(size, rounds))
    figures["filling_holds_window_ms_worst"] = max(figures[f"filling_ms_worst_at_{size}"] for size in SIZES)
    figures["incidents"] = SIZES[-1]
    return {"bench": "find", "figures": figures, "peers": peers, "targets": TARGETS}


def _measured(size: int, rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """One size: the window and its peers."""
    from PySide6.QtWidgets import QWidget

    from desktop.surround.find_overlay import A_TIME, FindOverlay

    fakes, seats = (importlib.import_module(f"tests.fakes.{name}") for name in ("situations", "seats"))
    seat = seats.a_seat(situation=fakes.situation(size, worker_count=WORKERS))
    window = QWidget()
    window.resize(1366, 768)
    overlay = FindOverlay(seat, window, lambda *_asked: None)
    overlay.index.touch((), is_all=True)
    filling = []
    is_left = True
    while is_left:
        took, is_left = _timed(partial(overlay.index.catch_up, A_TIME))
        filling.append(took)
    window.show()
    overlay.begin()

    def press(text: str) -> None:
        overlay.line.setText(text)
        overlay.repaint()

    press("0")  # people, places and cameras are listed at the first search
    spent_s = time.thread_time()
    pressed = [_timed(partial(press, text))[0] for text in _typed() * rounds]
    spent_s = time.thread_time() - spent_s
    looked = [_timed(partial(overlay.index.find, text))[0] for text in _typed() * rounds]
    texts = [f"{each.names}\n{each.text}" for each in overlay.index.entries()]
    figures = {
        "key_press_ms_median": _ms(statistics.median(pressed)),
        "key_press_ms_p95": _p95(pressed),
        "key_press_ms_worst": _ms(max(pressed)),
        "key_press_cpu_ms_mean": _ms(spent_s / len(pressed)),
        "index_alone_ms_p95": _p95(looked),
        "first_filling_ms": _ms(filling[0]),
        "filling_ms_worst": _ms(max(filling[1:])),
        "filling_s": round(sum(filling), 2),
    }
    overlay.leave()
    window.close()
    return figures, {"plain_in_ms_p95": _plain(texts, rounds), "sqlite_fts5_ms_p95": _fts5(texts, rounds)}


def _typed() -> list[str]:
    """Every search, letter by letter."""
    return [text[: n + 1] for text in SEARCHES for n in range(len(text))]


def _plain(texts: list[str], rounds: int) -> float:
    """Every word of the search is a part of the text: nothing else is asked."""
    took = []
    for text in _typed() * rounds:
        parts = text.split()
        took.append(_timed(partial(_holding, texts, parts))[0])
    return _p95(took)


def _fts5(texts: list[str], rounds: int) -> float:
    """The nine best by SQLite's own ranking."""
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE found USING fts5(text, tokenize='trigram')")
        database.executemany("INSERT INTO found VALUES (?)", ((text,) for text in texts))
        asked = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT 9"
        took = []
        for text in _typed() * rounds:
            match = " ".join(f'"{part}"' for part in text.split())
            took.append(_timed(partial(_rows, database, asked, match))[0])
    return _p95(took)


def _holding(texts: list[str], parts: list[str]) -> list[int]:
    """Where all the parts are."""
    return [n for n, text in enumerate(texts) if all(part in text for part in parts)]


def _rows(database: sqlite3.Connection, asked: str, match: str) -> list[Any]:
    """What SQLite finds."""
    return database.execute(asked, (match,)).fetchall()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _p95(took: list[float]) -> float:
    return _ms(statistics.quantiles(took, n=20)[-1])


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)
