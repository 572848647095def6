"""Reads the command and runs its part: `main.py COMMAND ...`, which ./gridwarden calls."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Sequence

# command -> module with run(arguments) -> exit status, and what it is for
COMMANDS: dict[str, tuple[str, str]] = {
    "desk": ("desktop.run", "值班工作台 / the duty officer's desk"),
    "server": ("server.run", "服务端 / the server"),
    "drill": ("server.drill.run", "模拟的外部世界 / the simulated outside world"),
    "demo": ("demo.run", "完整演示 / a whole demonstration"),
    "rules": ("server.rules_admin.run", "规则：检查、比较、载入、导出 / the rules: checked, compared, loaded, exported"),
    "cameras": (
        "server.cameras_admin.run",
        "摄像机台账：检查、载入、导出、分组、调阅记录 / cameras: checked, loaded, exported, grouped, watched",
    ),
    "indicators": ("server.indicators.run", "指标：查看、冻结、公布、重算 / indicators: shown, frozen, published, verified"),
    "doctor": ("demo.doctor", "检查这台机器 / what this machine lacks"),
    "audit": ("server.audit.run", "核对流转记录 / compare the ledger with its log"),
    "town": ("demo.town_told", "城区文件：检查能否使用 / what a town's file holds"),
    "boundaries": (
        "server.boundaries_admin.run",
        "区划边界：预览、导入、导出 / boundaries in and out",
    ),
    "check-boundaries": ("gis_data.boundaries.run", "检查网格边界文件 / a file of boundaries, checked"),
    "bench": ("bench.run", "性能测量 / measurements"),
    "wall": ("desktop.wall.run", "大屏显示 / the display of a wall"),
    "walls": ("server.walls.run", "大屏：建立、绑定显示机 / display walls and their machines"),
    "stop": ("demo.stop", "结束演示 / end the demonstrations that run"),
}
USAGE = 64  # sysexits.h


def main(words: Sequence[str]) -> int:
    """The exit status of the command, or 64 with the usage where there is no such command."""
    if not words or words[0] not in COMMANDS:
        print("用法 / usage: ./gridwarden COMMAND ...", file=sys.stderr)
        for name, (_, purpose) in COMMANDS.items():
            print(f"  {name:11}{purpose}", file=sys.stderr)
        return USAGE
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing has begun: Ctrl-C ends it without a traceback
    module = importlib.import_module(COMMANDS[words[0]][0])
    signal.signal(signal.SIGINT, handler)
    status: int | None = module.run(list(words[1:]))
    return status or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
