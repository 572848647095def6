"""Ends the database that a demonstration left behind: one killed, interrupted or failed before its supervisor ran.

`python -m demo.caretaker HOME` waits for the end of its standard input, a pipe whose other end only the demonstration
holds. Once a supervisor runs, its own guardian is quicker; then nothing is left to do here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.mark import read_mark
from demo.processes import running_demo
from server.postgres_folder import makers_of
from server.private_postgis import PrivatePostgis
from server.process_tree import look_up

ROOT = Path(__file__).resolve().parents[1]
FOR_A_START_S = 1.5  # a database that was just being started shows itself within this
PATIENCE_S = 2.0  # for a fast shutdown; after it an immediate one


@contextmanager
def nothing_left(home: Path) -> Iterator[None]:
    """However this process ends inside the block, the database of the folder ends too; enter it before `sole_demo`."""
    caretaker = subprocess.Popen(
        [sys.executable, "-m", "demo.caretaker", str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert caretaker.stdin is not None
        caretaker.stdin.close()
        if _is_at_work(home) and running_demo(home) is None:
            caretaker.wait(10)
        else:
            caretaker.kill()
            caretaker.wait()


def _is_at_work(home: Path) -> bool:
    """Whether the folder's database runs or is being made; one in a folder without our mark is a service's."""
    postgis = PrivatePostgis(home)
    return read_mark(home) is not None and (postgis.running() or bool(makers_of(postgis.data_in_the_making)))


def main(home: Path) -> None:
    """Wait for the end of the demonstration, then end what is left of it, unless another one has begun."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the pipe decides, nothing else
    ours = look_up(os.getppid())
    sys.stdin.read()
    give_up_at = time.monotonic() + FOR_A_START_S
    while time.monotonic() < give_up_at and running_demo(home) in (None, ours):  # a killed one closes its pipe, then dies
        postgis = PrivatePostgis(home)
        if _is_at_work(home):
            postgis.end_creation()
            postgis.stop(patience_s=PATIENCE_S)
            return
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
