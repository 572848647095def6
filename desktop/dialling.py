"""The telephone program of the workstation: it gets the number from the desk and shows it to nobody; the desk never does."""

from __future__ import annotations

import shutil
import subprocess
import sys

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

SCHEMES = ("tel", "sip")
PATIENCE_S = 2.0


def has_program(scheme: str) -> bool:
    """Whether the system knows a program for such addresses. Elsewhere than on Linux only trying tells."""
    if not sys.platform.startswith("linux"):
        return True
    asked = shutil.which("xdg-mime")
    if asked is None:
        return False
    command = [asked, "query", "default", f"x-scheme-handler/{scheme}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and bool(done.stdout.strip())


def hand_over(uri: str) -> bool:
    """The program dials; False where the system did not take the address."""
    address = QUrl(uri)
    return address.scheme() in SCHEMES and QDesktopServices.openUrl(address)
