"""A screen of its own: it goes with whoever made it, and types any text."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from demo.desk_under_test import as_of_a_stranger
from demo.screen import Screen
from server.process_tree import look_up, wait_gone

ROOT = Path(__file__).resolve().parents[2]
MAKER = """
import time
from demo.screen import Screen
print(Screen(320, 200).pid, flush=True)
time.sleep(60)
"""


def test_no_screen_outlives_a_killed_maker() -> None:
    with subprocess.Popen([sys.executable, "-c", MAKER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        server = look_up(int(maker.stdout.readline()))
        assert server is not None
        maker.send_signal(signal.SIGKILL)
        maker.wait()
        assert not wait_gone([server], 5.0)


def test_a_character_keeps_its_key_while_spare_ones_last() -> None:
    with Screen(320, 200) as screen:
        screen.type("煤气味")
        first = dict(screen._borne)
        screen.type("有煤气")
        assert screen._borne.items() >= first.items()
        assert len(set(screen._borne.values())) == len(screen._borne)
        many = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))
        taken = screen._type_some(many)
        assert 10 < taken < 300
        assert len({screen._borne[letter] for letter in many[:taken]}) == taken


def test_a_desk_under_test_inherits_nothing_of_somebodys_session() -> None:
    somebody = {"PATH": "/usr/bin", "LANG": "zh_CN.UTF-8", "XDG_CONFIG_HOME": "/root/.config", "QT_IM_MODULE": "fcitx"}
    somebody |= {"GRIDWARDEN_HOME": "/srv", "XMODIFIERS": "@im=fcitx", "WAYLAND_DISPLAY": "wayland-0"}
    assert as_of_a_stranger(somebody) == {"PATH": "/usr/bin", "LANG": "zh_CN.UTF-8"}
