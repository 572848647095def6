"""What the doctor looks at on the machine: packages, screen, GL, font, input method; standard library only."""

from __future__ import annotations

import importlib.metadata
import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.verdict import Text, Verdict, note, ok, wrong

ROOT = Path(__file__).resolve().parents[1]
VENV_PYTHON = ROOT / ".venv/bin/python"
SETUP = Text("./gridwarden setup", "./gridwarden setup")

# Says what GL gives, or why it gives nothing; runs apart, because a broken driver ends the process.
GL_PROBE = """
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
app = QGuiApplication(["doctor"])
surface = QOffscreenSurface(); surface.create()
context = QOpenGLContext()
if not (context.create() and context.makeCurrent(surface)): raise SystemExit("no context")
from OpenGL import GL
print(GL.glGetString(GL.GL_VERSION).decode(), "·", GL.glGetString(GL.GL_RENDERER).decode())
"""
PLUGINS_PROBE = "from PySide6.QtCore import QLibraryInfo as L; print(L.path(L.LibraryPath.PluginsPath), end='')"


def python_version() -> Verdict:
    """Debian 12's Python is what the locks were made for."""
    thing = Text("Python", "Python")
    version = _output(["/usr/bin/python3", "-V"]).removeprefix("Python ")
    if version.startswith("3.11."):
        return ok(thing, version)
    return wrong(
        thing, Text(version or "没有", version or "none"), Text("需要 Debian 12 的 3.11", "Debian 12's 3.11 is needed")
    )


def debian_packages(wanted: list[str]) -> Verdict:
    """Every system package on the list of ./gridwarden is installed."""
    thing = Text("系统软件包", "Debian packages")
    if not wanted or not shutil.which("dpkg-query"):
        return note(thing, Text("没有清单可对照，未检查", "no list to compare with, not checked"))
    missing = _not_installed(wanted)
    if not missing:
        return ok(thing, f"{len(wanted)} 个齐全", f"all {len(wanted)} here")
    return wrong(thing, Text(f"缺 {len(missing)} 个", f"{len(missing)} missing"), _install(missing))


def screenless_packages(wanted: list[str]) -> Verdict:
    """What only the tests, benchmarks and the smoke run need is installed; a desk works without."""
    thing = Text("自检用的软件包", "packages for tests")
    if not wanted or not shutil.which("dpkg-query"):
        return note(thing, Text("没有清单可对照，未检查", "no list to compare with, not checked"))
    missing = _not_installed(wanted)
    if not missing:
        return ok(thing, " ".join(wanted))
    names = " ".join(missing)
    found = Text(
        f"没有 {names}（只有 test、bench 和 demo --smoke 需要）", f"no {names}: only test, bench, demo --smoke need it"
    )
    return note(thing, found, _install(missing))


def python_packages(lock: Path = ROOT / "requirements/run.lock") -> Verdict:
    """The packages of .venv are those of the lock."""
    thing = Text("Python 软件包", "Python packages")
    if not VENV_PYTHON.exists():
        return wrong(thing, Text("没有 .venv", "there is no .venv"), SETUP)
    if Path(sys.prefix) != ROOT / ".venv":
        return wrong(thing, Text(".venv 不能运行", ".venv does not run"), SETUP)
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(), re.M))
    off = [f"{name} {_version(name) or '—'} ≠ {pin}" for name, pin in pins.items() if _version(name) != pin]
    if not off:
        return ok(thing, f"{len(pins)} 个与锁文件一致", f"all {len(pins)} as locked")
    return wrong(thing, Text(f"与锁文件不符：{', '.join(off)}", f"not as locked: {', '.join(off)}"), SETUP)


def display() -> Verdict:
    """There is a screen for the desk."""
    thing = Text("显示器", "display")
    name = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if name:
        return ok(thing, name)
    return note(
        thing,
        Text("没有 DISPLAY", "no DISPLAY"),
        Text("demo --smoke 和 test 不需要屏幕", "demo --smoke and test need no screen"),
    )


def gl() -> Verdict:
    """A GL context can be made; without one the map is drawn flat."""
    thing = Text("OpenGL", "OpenGL")
    if not VENV_PYTHON.exists():
        return note(thing, Text("安装之后才能检查", "can be checked after setup"), SETUP)
    with _some_display() as name:
        if name is None:
            return note(thing, Text("没有屏幕，未检查", "no screen, not checked"))
        environment = os.environ | ({"DISPLAY": name} if name else {})
        status, said = _run([str(VENV_PYTHON), "-c", GL_PROBE], environment)
    lines = said.splitlines() or [f"status {status}"]
    if status == 0:
        return ok(thing, lines[-1])
    return wrong(
        thing,
        Text(f"不可用（{lines[-1]}），地图将以平面方式绘制", f"not usable ({lines[-1]}): the map will be flat"),
        Text("检查显卡驱动，或安装 libgl1-mesa-dri", "look at the graphics driver, or install libgl1-mesa-dri"),
    )


def chinese_font() -> Verdict:
    """A font with Chinese characters is there."""
    thing = Text("中文字体", "Chinese font")
    families = sorted({line.split(",")[0] for line in _output(["fc-list", ":lang=zh-cn", "family"]).splitlines()})
    if families:
        return ok(thing, ", ".join(families[:2]))
    install = "apt-get install fonts-wqy-microhei"
    return wrong(thing, Text("没有", "none"), Text(install, install))


def input_method() -> Verdict:
    """Chinese can be typed: the input method that the session asks for has its part in our Qt, and runs."""
    thing = Text("中文输入法", "input method")
    asked = os.environ.get("QT_IM_MODULE", "")
    if not asked:
        return note(
            thing,
            Text("未设置 QT_IM_MODULE", "QT_IM_MODULE is not set"),
            Text(
                "输入中文：ibus-libpinyin 和 QT_IM_MODULE=ibus",
                "for Chinese: ibus-libpinyin and QT_IM_MODULE=ibus",
            ),
        )
    status, plugins = _run([str(VENV_PYTHON), "-c", PLUGINS_PROBE], dict(os.environ))
    found = [path.name for path in (Path(plugins) / "platforminputcontexts").glob("*.so")] if status == 0 else []
    if not any(asked in name for name in found):
        return wrong(
            thing,
            Text(f"Qt 没有 {asked} 插件", f"our Qt has no plug-in for {asked}"),
            Text("设 QT_IM_MODULE=ibus（fcitx5 也支持 ibus 协议）", "set QT_IM_MODULE=ibus (fcitx5 speaks ibus too)"),
        )
    daemons = {"ibus": ("ibus-daemon", "fcitx5")}.get(asked, ())
    if daemons and not set(daemons) & _running_names():
        return wrong(thing, Text(f"{asked} 没有运行", f"{asked} does not run"), Text("ibus-daemon -drx", "ibus-daemon -drx"))
    return ok(thing, asked)


@contextmanager
def _some_display() -> Iterator[str | None]:
    """A display to try GL on: "" for the one we are on, else one of Xvfb's, else None."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield ""
        return
    if not shutil.which("Xvfb"):
        yield None
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], 20)
        number = os.read(reading, 16).decode().strip() if ready else ""
        yield f":{number}" if number else None
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)


def _not_installed(wanted: list[str]) -> list[str]:
    """Those of the Debian packages that are not installed."""
    query = ["dpkg-query", "-Wf", "${Package} ${db:Status-Status}\n", *wanted]
    installed = {line.split()[0] for line in _output(query).splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in installed]


def _install(missing: list[str]) -> Text:
    """The line that installs Debian packages."""
    command = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    return Text(command, command)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _running_names() -> set[str]:
    names = set()
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(comm.read_text().strip())
        except OSError:
            continue
    return names


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    try:
        finished = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return 127, str(problem)
    return finished.returncode, finished.stdout.strip()


def _output(command: list[str]) -> str:
    """What a program prints on its standard output; empty where there is no such program."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout.strip()
    except OSError:
        return ""
