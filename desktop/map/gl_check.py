"""Whether this machine can draw the map with OpenGL.

Asked in a process of its own, so that a driver that dies takes nobody along.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASK_S = 20.0
SWITCH = "GRIDWARDEN_GL"


@cache
def gl_is_usable() -> tuple[bool, str]:
    """Whether OpenGL 3.3 works here, and the renderer or the reason why not; GRIDWARDEN_GL=off says no. Asked once."""
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no"):
        return False, f"{SWITCH}=off"
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "desktop.map.gl_check"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=ASK_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"OpenGL could not be tried: {error}"
    answer = asked.stdout.strip().splitlines()
    if asked.returncode == 0 and answer:
        return True, answer[-1]
    said = (asked.stdout.strip() or asked.stderr.strip()).splitlines()
    return False, said[0] if said else f"the trial ended with {asked.returncode}"


def _try(say: Callable[[str], object]) -> int:
    """Make a context, compile the map's programs in it, say the renderer; 0 when all of that worked."""
    from OpenGL import GL
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

    from desktop.map.canvas import surface_format
    from desktop.map.graphics import program

    application = QGuiApplication([])
    surface = QOffscreenSurface()
    surface.setFormat(surface_format())
    surface.create()
    context = QOpenGLContext()
    context.setFormat(surface_format())
    if not context.create() or not context.makeCurrent(surface):
        say("no OpenGL context")
        return 1
    version = context.format().version()
    if version < (3, 3):
        say(f"OpenGL {version[0]}.{version[1]}, 3.3 is needed")
        return 1
    for name, fragment in (("fill", "flat"), ("building_wall", None), ("dots", None), ("sprite", None)):
        program(name, fragment)
    say((GL.glGetString(GL.GL_RENDERER) or b"").decode("ascii", "replace"))
    context.doneCurrent()
    del context, surface
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(_try(lambda line: sys.stdout.write(line + "\n")))
