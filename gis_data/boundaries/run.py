"""`./gridwarden check-boundaries FILE`: every defect of a layer of boundaries, with kind, features, place and area.

Exit status: 0 nothing is wrong, 1 there are defects, 2 the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from gis_data.boundaries.check import BadParents, Layer, Report, check
from gis_data.boundaries.crs import BadCrs
from gis_data.boundaries.defect import Defect, Tolerances
from gis_data.boundaries.files import BadFile, BoundaryFile, read_boundaries
from gis_data.boundaries.lattice import TooWide
from gis_data.boundaries.words import KINDS, SAID, WHY, WRONG, language_of_machine, said

CLEAN, DEFECTS, UNREADABLE = 0, 1, 2
_FEATURES_IN_A_LINE = 4


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(words)
    try:
        limits = _limits(given)
        file = read_boundaries(given.file, given.layer, given.crs, given.code_field, given.exclave_field)
        parents = None if given.parent is None else _parents(given, file)
        report = check(file.layer, parents, limits)
    except (BadFile, BadCrs) as problem:
        sys.stderr.write(said(WRONG, problem.reason, given.language, **problem.said) + "\n")
        return UNREADABLE
    except BadParents as problem:
        first = said(WHY, problem.defects[0].why, given.language, **problem.defects[0].figures) if problem.defects else "-"
        count = len(problem.defects)
        sys.stderr.write(said(WRONG, "parents_wrong", given.language, file=given.parent.name, count=count, first=first) + "\n")
        return UNREADABLE
    except TooWide:
        sys.stderr.write(said(WRONG, "too_wide", given.language) + "\n")
        return UNREADABLE
    if given.json:
        sys.stdout.write(json.dumps(as_json(file, report, given.language), ensure_ascii=False) + "\n")
    else:
        _tell(file, report, limits, given.language, parents is not None)
    return DEFECTS if report.defects else CLEAN


def as_json(file: BoundaryFile, report: Report, language: str) -> dict[str, object]:
    """The report as it is written for programs."""
    return {
        "features": report.features,
        "crs": file.layer.crs.name,
        "assumed": [said(SAID, key, language, crs=file.layer.crs.name) for key in file.assumed],
        "defects": [
            {
                "kind": defect.kind.value,
                "features": [file.ids[k] for k in defect.features],
                "at": None if defect.at is None else [round(defect.at[0], 8), round(defect.at[1], 8)],
                "area_m2": round(defect.area_m2, 3),
                "detail": said(WHY, defect.why, language, **defect.figures),
            }
            for defect in report.defects
        ],
        "counts": report.counts,
        **({"left_out": report.left_out} if report.left_out else {}),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "./gridwarden check-boundaries",
        description="检查网格边界：不留空白、不得交叉 / boundaries: nothing left out, nothing twice",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=".gpkg .geojson .shp .kml .fgb")
    parser.add_argument("--layer", help="图层 / layer")
    parser.add_argument(
        "--crs", help="坐标系：EPSG:n、gcj02、bd09（代替文件里写的）/ coordinate system, before what the file says"
    )
    parser.add_argument("--parent", type=Path, metavar="FILE", help="上级边界 / boundaries of the level above")
    parser.add_argument("--parent-layer", help="上级文件的图层 / layer of that file")
    parser.add_argument("--parent-crs", help="上级文件的坐标系 / coordinate system of that file")
    parser.add_argument("--code-field", help="编码字段（也作要素名）/ field of the codes, which then name the features")
    parser.add_argument("--exclave-field", help="标明可有多个部分的字段 / field that marks what may have several parts")
    parser.add_argument(
        "--gap-width", type=float, default=1.0, metavar="M", help="窄于此为窄条，米 / narrower is a sliver, metres"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--language", choices=("zh", "en"), default=language_of_machine())
    return parser


def _limits(given: argparse.Namespace) -> Tolerances:
    if not 0 < given.gap_width < 1e6:
        raise BadFile("gap_width")
    plain = Tolerances()
    return replace(plain, sliver_m=given.gap_width, hairline_m=min(plain.hairline_m, given.gap_width))


def _parents(given: argparse.Namespace, file: BoundaryFile) -> Layer:
    """The level above, in the file's own coordinate system."""
    try:
        above = read_boundaries(given.parent, given.parent_layer, given.parent_crs, given.code_field)
    except BadFile as problem:
        if problem.reason != "no_field":
            raise
        sys.stderr.write(said(WRONG, "parent_codes", given.language, field=given.code_field) + "\n")
        above = read_boundaries(given.parent, given.parent_layer, given.parent_crs)
    for key in above.assumed:
        sys.stderr.write(f"{above.path.name}: {said(SAID, key, given.language, crs=above.layer.crs.name)}\n")
    here, there = file.layer.crs, above.layer.crs
    if there.definition == here.definition and there.name == here.name:
        return above.layer
    if there.name in ("gcj02", "bd09") or here.name in ("gcj02", "bd09"):
        raise BadCrs("parent_crs", crs=there.name, wanted=here.name)
    way = there.way_to(here)
    shapes = np.asarray(shapely.transform(above.layer.shapes, way), dtype=object)
    return Layer(shapes, here, above.layer.codes)


def _tell(file: BoundaryFile, report: Report, limits: Tolerances, language: str, has_parents: bool) -> None:
    """One line for each defect, between what was read and how many there are."""
    name = file.layer.crs.name
    lines = [said(SAID, "read", language, file=file.path.name, layer=file.name, features=report.features, crs=name)]
    lines += [said(SAID, key, language, crs=name) for key in file.assumed]
    lines += [line_of(file, defect, language) for defect in report.defects]
    if report.left_out:
        lines.append(said(SAID, "left_out", language, count=report.left_out))
    if report.defects:
        kinds = ", ".join(f"{KINDS[kind][language != 'zh']} {count}" for kind, count in report.counts.items())
        lines.append(said(SAID, "total", language, count=len(report.defects), kinds=kinds))
        lines.append(said(SAID, "limits", language, sliver_m=limits.sliver_m, hairline_m=round(report.hairline_m, 4)))
    else:
        lines.append(said(SAID, "clean_parent" if has_parents else "clean", language))
    sys.stdout.write("\n".join(lines) + "\n")


def line_of(file: BoundaryFile, defect: Defect, language: str) -> str:
    """One defect of a file in one line."""
    names = [str(file.ids[k]) for k in defect.features[:_FEATURES_IN_A_LINE]]
    more = len(defect.features) - len(names)
    features = ", ".join(names) + (f" +{more}" if more > 0 else "")
    place = "-" if defect.at is None else f"{defect.at[0]:.6f},{defect.at[1]:.6f}"
    area = f"{defect.area_m2:.2f} m²" if defect.area_m2 else "-"
    why = said(WHY, defect.why, language, **defect.figures)
    return said(
        SAID, "line", language, kind=KINDS[defect.kind][language != "zh"], features=features, place=place, area=area, why=why
    )
