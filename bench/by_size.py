"""Benchmarks of what a desk does by itself, without a screen: the same measured at several sizes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from bench.second_start import ROOT

Found = dict[str, Any]
Measured = Callable[[int], tuple[Found, Found]]
"""Figures and those of the peers, at one size."""


def at_each_size(sizes: Sequence[int], measured: Measured) -> tuple[Found, Found]:
    """Figures and peers under names that end in the size; SystemExit where what tests need is not installed."""
    if find_spec("pytest") is None or not (ROOT / "tests").is_dir():
        raise SystemExit("先运行 ./gridwarden setup test / run ./gridwarden setup test first")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    figures: Found = {}
    peers: Found = {}
    for size in sizes:
        found, beside = measured(size)
        figures |= {f"{name}_at_{size}": value for name, value in found.items()}
        peers |= {f"{name}_at_{size}": value for name, value in beside.items()}
        gc.collect()
    del application
    return figures, peers
