"""One demonstration per data folder: who runs it, and ending it from another terminal.

What it is made of is started and watched by server/supervise.py; demo/run.py says which processes.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.process_tree import Process, is_alive, look_up, tell, wait_gone
from server.supervise import Supervisor, stop_when_asked

__all__ = ["AlreadyRunning", "Supervisor", "running_demo", "sole_demo", "stop_demo", "stop_when_asked"]

PATIENCE_S = 8.0  # an orderly end takes at most five
_NOTE = "demo.pid"


class AlreadyRunning(RuntimeError):
    """A demonstration of this data folder runs already."""

    def __init__(self, home: Path, pid: int) -> None:
        super().__init__(
            f"{home} 的演示已在运行（进程 {pid}），请先 ./gridwarden stop / "
            f"a demonstration of {home} runs already (process {pid}): ./gridwarden stop ends it"
        )
        self.pid = pid


@contextmanager
def sole_demo(home: Path) -> Iterator[None]:
    """This process is the only demonstration of the folder; raises AlreadyRunning.

    The lock goes with the process, however it ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = running_demo(home)
            raise AlreadyRunning(home, other.pid if other else 0) from None
        myself = look_up(os.getpid())
        assert myself is not None
        note = home / _NOTE
        note.write_text(f"{myself.pid} {myself.start_ticks}\n")
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def running_demo(home: Path) -> Process | None:
    """The process that runs the demonstration of a folder, or None."""
    try:
        pid, start_ticks = (home / _NOTE).read_text().split()
        process = Process(int(pid), int(start_ticks))
    except (OSError, ValueError):
        return None
    return process if is_alive(process) else None


def stop_demo(home: Path) -> bool:
    """The demonstration of a folder has ended; False where none ran. One that does not listen is killed."""
    process = running_demo(home)
    if process is None:
        return False
    tell([process], signal.SIGTERM)
    if wait_gone([process], PATIENCE_S):
        tell([process], signal.SIGKILL)  # its guardian ends the rest
        wait_gone([process], PATIENCE_S)
    return True
