"""The process that outlives a supervisor killed by -9 and ends whatever it had started.

`python -m server.guardian MARK` reads lines from standard input, a pipe whose other end only the supervisor
holds: `+ PID TICKS child`, `+ PID TICKS database`, `- PID TICKS`. When the pipe closes without the line
`done`, everything still registered is ended within `ORDERLY_S` + `ABRUPT_S` and a moment, and so is whoever
bears the mark in its environment: a child that was born just before the supervisor was killed.
"""

from __future__ import annotations

import os
import select
import signal
import sys

from server.process_tree import Process, bearing, family, is_alive, tell, wait_gone

ORDERLY_S = 2.0  # for a database to write out what it has, for a child to say good-bye
ABRUPT_S = 1.0  # for a database to leave without its checkpoint, which costs a recovery later
LOOK_AROUND_S = 0.5  # between looks at who was started by whom
KINDS = ("child", "database")


def main(mark: str) -> None:
    """Watch until the pipe closes, then end what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the pipe decides, nothing else
    registered: dict[Process, str] = {}
    offspring: set[Process] = set()  # seen while their parents lived: those with a session of their own
    unread = b""
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], LOOK_AROUND_S)
        if readable:
            content = os.read(sys.stdin.fileno(), 65536)
            *lines, unread = (unread + content).split(b"\n")
            if not all(_take(line.decode().split(), registered) for line in lines):
                return
            if not content:
                break
        offspring = {process for process in offspring if is_alive(process)} | family(registered)
    offspring |= bearing(mark)
    end(registered | dict.fromkeys(offspring - family(_databases(registered)), "child"))


def _take(words: list[str], registered: dict[Process, str]) -> bool:
    """Note one line; False for the good-bye."""
    match words:
        case ["+", pid, ticks, kind] if kind in KINDS:
            registered[Process(int(pid), int(ticks))] = kind
        case ["-", pid, ticks]:
            registered.pop(Process(int(pid), int(ticks)), None)
        case ["done"]:
            return False
    return True


def _databases(registered: dict[Process, str]) -> list[Process]:
    return [process for process, kind in registered.items() if kind == "database"]


def end(registered: dict[Process, str]) -> None:
    """Nothing of what was registered is left, nor anything it had started."""
    databases = _databases(registered)
    everybody = family(registered)
    ours = everybody - family(databases)
    tell(ours, signal.SIGTERM)
    tell(databases, signal.SIGINT)  # PostgreSQL's fast shutdown
    if wait_gone(everybody, ORDERLY_S):
        tell(databases, signal.SIGQUIT)  # its immediate one
        tell(family(registered) - family(databases), signal.SIGKILL)
    if wait_gone(everybody, ABRUPT_S):
        tell(everybody | family(registered), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
