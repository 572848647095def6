"""The demo: prepares a home, runs the server, the outside world and a desk, and leaves nothing behind."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from demo.arguments import DemoArguments, read_arguments
from demo.caretaker import nothing_left
from demo.interruption import Interruption
from demo.narration import Narration
from demo.prepare import CannotStart, prepare
from demo.processes import AlreadyRunning, sole_demo
from demo.wall import CODE as WALL
from gis_data.town import BadTown
from server.private_postgis import PrivatePostgis
from server.settings import Settings
from server.supervise import State, Supervisor

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = ("desk", "intake", "positions", "clock")
LOGIN = "duty1"


def run(words: Sequence[str]) -> int:
    """Exit status of one demo: 0 when it was closed, 1 when it could not start or the smoke run failed.

    130 or 143 where Ctrl-C or SIGTERM broke it off before it ran.
    """
    arguments = read_arguments(words)
    narration = Narration(arguments.language)
    needs_display = not (arguments.smoke or arguments.without_desk)
    if needs_display and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        print(narration.text("no_display"), file=sys.stderr)
        return 2
    interruption = Interruption()
    try:
        with nothing_left(arguments.home), sole_demo(arguments.home):
            if arguments.smoke:
                from demo.smoke import smoke

                return smoke(arguments, narration, interruption)
            return _watch(arguments, narration, interruption)
    except KeyboardInterrupt:  # while it was prepared; what was half made is made anew by the next start
        _tell_unmade(arguments, "interrupted")
        return interruption.status
    except Exception as problem:
        if interruption.asked.is_set():  # what an interrupt broke says so in its own words
            _tell_unmade(arguments, "interrupted")
            return interruption.status
        said = _in_words(problem, arguments, narration)
        _tell_unmade(arguments, said or f"{type(problem).__name__}: {problem}")
        if said is None:
            raise
        print(said, file=sys.stderr)
    return 1


def _tell_unmade(arguments: DemoArguments, why: str) -> None:
    """A smoke run that could not begin prints its object all the same: nothing was measured, and why."""
    if arguments.smoke:
        from demo.smoke import Findings

        Findings(errors=[why]).tell(arguments.as_json)


def _in_words(problem: Exception, arguments: DemoArguments, narration: Narration) -> str | None:
    """One line on a problem that is not a mistake of ours; None where it is one."""
    if isinstance(problem, BadTown):
        return narration.text("bad_town", file=arguments.town, why=problem.say(arguments.language))
    if isinstance(problem, AlreadyRunning | CannotStart):
        return str(problem)
    return narration.text("cannot", why=problem) if isinstance(problem, OSError) else None


def _watch(arguments: DemoArguments, narration: Narration, interruption: Interruption) -> int:
    """Until the desk is closed or somebody asks to stop."""
    settings = prepare(arguments, narration)
    stop = interruption.from_here_an_event()

    def open_window(supervisor: Supervisor) -> None:
        if not arguments.without_desk:
            measure = ["--measure", str(arguments.measure)] if arguments.measure else []
            supervisor.add("window", desk_command(settings, arguments, LOGIN) + measure, closing_ends_all=True)

    supervisor = world(settings, narration, open_window)
    threading.Thread(target=_announce, args=(supervisor, settings, narration), daemon=True).start()
    supervisor.run_until(stop)
    return 0


def world(
    settings: Settings,
    narration: Narration,
    first_desk: Callable[[Supervisor], None] = lambda _supervisor: None,
    eager: bool = False,
    deaths: list[str] | None = None,
) -> Supervisor:
    """A supervisor of the database, the four server processes and the drill; not yet running.

    `first_desk` may add a desk that starts as soon as there is somebody to sign on to. An `eager` drill works at a
    twentieth of human times. The names of what dies are added to `deaths`.
    """

    def on_state(name: str, state: State, detail: str) -> None:
        if state in (State.DIED, State.CRASH_LOOP):
            narration.say(state.value, name=name, detail=detail)
            if deaths is not None:
                deaths.append(name)

    supervisor = Supervisor(settings.home, on_state)
    supervisor.add_daemon("database", PrivatePostgis(settings.home))
    home = str(settings.home)
    for process in PROCESSES:
        supervisor.add(process, [sys.executable, "main.py", "server", process, "--home", home], ready=True)
        if process == "desk":
            first_desk(supervisor)
    drill = [sys.executable, "main.py", "drill", "--home", home, "--pace", str(settings.pace)]
    supervisor.add("drill", [*drill, "--eager"] if eager else drill, ready=True)
    return supervisor


def desk_command(settings: Settings, arguments: DemoArguments, login: str, home: Path | None = None) -> list[str]:
    """The command line of a desk signed on with a demo account."""
    command = [sys.executable, "main.py", "desk", "--server-file", str(settings.home / "desk.json")]
    command += ["--login", login, "--password-file", str(settings.home / "logins" / login)]
    command += ["--home", str(home or settings.home / "desk")]
    command += ["--language", arguments.language, "--theme", arguments.theme]
    return command + (["--size", arguments.size] if arguments.size else [])


def _announce(supervisor: Supervisor, settings: Settings, narration: Narration) -> None:
    """Say how to go on once everything is up."""
    if supervisor.wait_ready(120):
        narration.say("ready", seconds=f"{narration.seconds:.1f}")
        narration.say("sign_on", login=LOGIN, file=settings.home / "passwords.txt", server=settings.home / "desk.json")
        narration.say("wall", wall=WALL, home=settings.home)
        narration.say("intake", host=settings.intake_http_host, port=settings.intake_http_port)
