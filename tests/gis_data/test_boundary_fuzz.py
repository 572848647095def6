"""Files with broken bytes end in a report or in one clear line: read in a process of its own, since GDAL is no Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from bench.noded import noded
from tests.gis_data.test_check_boundaries import write

ROOT = Path(__file__).resolve().parents[2]
READS = """
import contextlib, io, sys
from pathlib import Path
from gis_data.boundaries.run import run
statuses = []
for path in (path for path in sorted(Path(sys.argv[1]).glob("broken-*")) if path.suffix in sys.argv[2:]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run([str(path), "--language", "en"])
    assert status in (0, 1, 2), (path, status)
    assert (status == 2) == (out.getvalue() == ""), path
    assert status != 2 or len(err.getvalue().splitlines()) == 1, (path, err.getvalue())
    statuses.append(status)
print(len(statuses), statuses.count(2))
"""


SUFFIXES = (".gpkg", ".geojson", ".shp", ".fgb", ".kml")
OF_EACH = 20


def test_a_file_with_broken_bytes_ends_in_a_report_or_in_one_line(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    for suffix in SUFFIXES:
        whole = write(tmp_path / f"whole{suffix}", noded(2, 1).polygons())
        for number in range(OF_EACH):
            path = tmp_path / f"broken-{number}{suffix}"
            path.write_bytes(_broken(whole.read_bytes(), random, is_cut=number % 4 == 3))
            for part in (".shx", ".dbf", ".prj") if suffix == ".shp" else ():
                path.with_suffix(part).write_bytes(whole.with_suffix(part).read_bytes())
    words = [sys.executable, "-c", READS, str(tmp_path), *SUFFIXES]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.split()[0] == str(OF_EACH * len(SUFFIXES))


def _broken(plain: bytes, random: np.random.Generator, *, is_cut: bool) -> bytes:
    """Some bytes are others; those by which a file's kind is known stay."""
    broken = bytearray(plain[: int(random.integers(20, len(plain)))] if is_cut else plain)
    for at in random.integers(12, len(broken), int(random.integers(1, 40))).tolist():
        broken[at] = int(random.integers(256))
    return bytes(broken)
