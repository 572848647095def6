"""What first light cannot be faster than on this machine: an empty window's frame, a ping through CURVE, a small commit."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import zmq

from bench.second_start import ROOT, WITH_US
from demo.measures import NotSeen, percentile
from demo.screen import Screen
from server.keys import ensure_keys
from server.settings import Settings
from wire.codec import decode_reply, encode
from wire.requests import Ping, Pong, Reply, Request, SignedOn, SignOn

TIMES = 60
REPLY_MS = 5_000


def floors(settings: Settings, login: str) -> dict[str, float | None]:
    """All three, p95 in milliseconds, while everything else of the bench runs; the account must have no desk."""
    return {
        "bare_window_key_to_swap_ms_p95": _p95(bare_window_ms()),
        "curve_ping_ms_p95": _p95(ping_ms(settings, login)),
        "small_commit_ms_p95": _p95(commit_ms(settings)),
    }


def bare_window_ms() -> list[float]:
    """From an X key event to the swap of the frame that an empty 1920x1080 OpenGL window painted for it."""
    with Screen(1920, 1080) as screen:
        window = subprocess.Popen(
            [*WITH_US, sys.executable, "-m", "bench.bare_window"],
            cwd=ROOT,
            env={"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert window.stdout is not None
        try:
            window.stdout.readline()
            delays = []
            for _ in range(TIMES):
                pressed = screen.press("a")
                delays.append(1000 * (float(window.stdout.readline()) - pressed))
                time.sleep(0.05)
        finally:
            window.terminate()
            window.wait()
            window.stdout.close()
    return delays


def ping_ms(settings: Settings, login: str) -> list[float]:
    """From a ping of a signed-on session to its pong from the desk process."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.curve_serverkey = ensure_keys(settings.keys).curve_public
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.connect(settings.desk_endpoint)
        password = (settings.home / "logins" / login).read_text(encoding="utf-8").strip()
        _expect(_asked(socket, SignOn(1, login, password)), SignedOn)
        return _timed(lambda: _expect(_asked(socket, Ping(2)), Pong))


def commit_ms(settings: Settings) -> list[float]:
    """A commit that has to reach the disk, of a message that no table holds, on one open connection."""
    with psycopg.connect(**settings.connect_arguments(), autocommit=True) as connection:
        return _timed(lambda: connection.execute("SELECT pg_logical_emit_message(true, 'bench', 'one small line')"))


def _asked(socket: zmq.Socket[bytes], request: Request) -> Reply:
    socket.send(encode(request))
    if not socket.poll(REPLY_MS):
        raise NotSeen(f"a reply to {type(request).__name__}")
    return decode_reply(socket.recv())


def _expect(reply: Reply, kind: type[Reply]) -> None:
    if not isinstance(reply, kind):
        raise NotSeen(f"{kind.__name__} but {reply}")


def _timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each call."""
    spent = []
    for _ in range(TIMES):
        began = time.monotonic()
        work()
        spent.append(1000 * (time.monotonic() - began))
    return spent


def _p95(milliseconds: list[float]) -> float | None:
    found = percentile(milliseconds, 95)
    return None if found is None else round(found, 1)
