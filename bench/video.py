"""`./gridwarden bench video`: what camera pictures cost and how honest they are, beside bare decoding of the same streams.

    ./gridwarden bench video [--soak MINUTES] [--seconds S] [--only tiles,mains,map,opening,pages,faults,soak]

CPU is in percent of one core, of the whole window with its tiles; 640x360 at 15 a second, and 1920x1080 at 25, H.264. The
peer decodes the same streams to nothing in the same run: `ffmpeg -f null` where it is installed, else a bare loop of PyAV's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.video_beside_map import beside_map
from bench.video_faults import SOAK_TILES, noticed_and_back, soaked
from bench.video_opening import first_pictures, opened_and_closed, pages_turned
from bench.video_tiles import NARROW, SCREEN, WIDE, Cpu, Street, TileWindow, cameras, offscreen
from governance.camera import StreamKind

SUBS, MAINS = (1, 4, 9, 16, 25, 36), (1, 4)
PARTS = ("tiles", "mains", "map", "opening", "pages", "faults", "soak")
WARM_S, MEASURED_S, SHOTS = 4.0, 8.0, 12
TARGETS: dict[str, list[Any]] = {
    "cpu_percent_25_sub": ["<=", 45.0],
    "cpu_percent_25_sub_with_map": ["<=", 100.0],
    "cpu_percent_36_sub": ["<=", 90.0],
    "shown_per_s_36_sub": [">=", 12.0],
    "cpu_percent_4_main": ["<=", 65.0],
    "picture_age_median_s_25_sub": ["<=", 0.2],
    "picture_age_max_s_25_sub": ["<=", 1.0],
    "first_picture_max_s": ["<=", 0.3],
    "stale_noticed_s": ["<=", 2.5],
    "frozen_noticed_s": ["<=", 5.0],
    "back_to_live_max_s": ["<=", 5.0],
    "open_close_memory_mb": ["<=", 5.0],
    "open_close_threads": ["<=", 0],
    "open_close_descriptors": ["<=", 0],
    "page_change_held_ms": ["<=", 50.0],
    "soak_returns": [">=", 1],
    "soak_late": ["<=", 0],
    "soak_silently_stale": ["<=", 0],
}

BARE_DECODE = """
import sys
import av
with av.open(sys.argv[1], options={"rtsp_transport": "tcp"}, timeout=10) as container:
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    for _ in container.decode(stream):
        pass
"""  # one process per stream: no other stream's lock is in its way


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of our tiles and of bare decoding of the same streams in the same run."""
    parser = argparse.ArgumentParser(prog="./gridwarden bench video")
    parser.add_argument("--soak", type=float, default=30.0, metavar="MINUTES")
    parser.add_argument("--seconds", type=float, default=MEASURED_S)
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args(words)
    parts = given.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"--only: {', '.join(sorted(unknown))}")
    offscreen()
    figures: dict[str, Any] = {}
    peers: dict[str, Any] = {"peer": "ffmpeg -f null" if shutil.which("ffmpeg") else "bare PyAV loop"}
    most = max(SUBS) if {"tiles", "map", "pages"} & set(parts) else SOAK_TILES
    with cameras(most, max(MAINS) if "mains" in parts else 0) as street:
        for count in SUBS if "tiles" in parts else ():
            _measure(figures, peers, street, count, False, given.seconds)
        for count in MAINS if "mains" in parts else ():
            _measure(figures, peers, street, count, True, given.seconds)
        if "map" in parts:
            figures |= beside_map(street, given.seconds)
        if "opening" in parts:
            figures |= first_pictures(street) | opened_and_closed(street)
        if "pages" in parts:
            figures |= pages_turned(street)
        if "faults" in parts:
            figures |= noticed_and_back(street)
        if "soak" in parts and given.soak > 0:
            figures |= soaked(street, given.soak)
    targets = {name: target for name, target in TARGETS.items() if name in figures}
    return {"bench": "video", "figures": figures, "peers": peers, "targets": targets}


def _measure(figures: dict[str, Any], peers: dict[str, Any], street: Street, count: int, is_main: bool, seconds: float) -> None:
    kind = StreamKind.MAIN if is_main else StreamKind.SUB
    figures |= {f"{name}_{count}_{kind}": value for name, value in shown(street, count, is_main, seconds).items()}
    peers[f"decode_cpu_percent_{count}_{kind}"] = decoded_to_nothing(street, street.ids[:count], kind, seconds)


def shown(street: Street, count: int, is_main: bool, seconds: float) -> dict[str, Any]:
    """CPU of this process, pictures a second, and ages read from the window's pixels.

    A tile that does not show its own camera has a picture of endless age: then the oldest has no figure.
    """
    size = NARROW if count == 1 and not is_main else WIDE if is_main else SCREEN
    window = TileWindow(street, street.ids[:count], size, is_main)
    first_s = window.run_until(window.is_complete, 30.0)
    window.run_until(lambda: False, WARM_S)
    cpu, before = Cpu(os.getpid()), window.painted
    passed_s = window.run_until(lambda: False, seconds)
    mine, painted = cpu.percent()[0], window.painted - before
    ages: list[float] = []
    for _ in range(SHOTS):
        window.run_until(lambda: False, 0.13)
        ages += window.ages_s()
    window.close()
    return {
        "cpu_percent": mine, "cpu_percent_per_tile": round(mine / count, 2), "all_pictures_after_s": round(first_s, 2),
        "picture_age_median_s": round(statistics.median(ages), 3) if ages else None,
        "picture_age_max_s": round(max(ages), 3) if len(ages) == SHOTS * count else None,
        "shown_per_s": round(painted / passed_s / count, 1),
    }  # fmt: skip


def decoded_to_nothing(street: Street, ids: Sequence[str], kind: StreamKind, seconds: float) -> float:
    """CPU percent of one process per stream that decodes it on one thread and throws the pictures away."""
    running = [subprocess.Popen(_peer(street.url(camera, kind)), stdin=subprocess.DEVNULL) for camera in ids]
    try:
        time.sleep(WARM_S + 0.1 * len(ids))
        assert all(process.poll() is None for process in running), "a stream was not decoded"
        cpu = Cpu(*(process.pid for process in running))
        time.sleep(seconds)
        return round(sum(cpu.percent()), 1)
    finally:
        for process in running:
            process.kill()
            process.wait()


def _peer(url: str) -> list[str]:
    """What decodes a stream to nothing."""
    if shutil.which("ffmpeg"):
        reading = ["ffmpeg", "-nostdin", "-loglevel", "quiet", "-rtsp_transport", "tcp", "-threads", "1", "-i", url]
        return [*reading, "-an", "-f", "null", "-"]
    return [sys.executable, "-c", BARE_DECODE, url]
