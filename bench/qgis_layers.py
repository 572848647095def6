"""Run by Debian's own Python with QGIS, never imported: renders the layers of a folder, prints figures as one JSON object.

    python3 bench/qgis_layers.py FOLDER

FOLDER holds what `bench.qgis_peer` wrote: `about.json` and one .npz a layer. The layers go into a GeoPackage with a spatial
index, as QGIS users keep them, then each view is rendered by QGIS's parallel renderer without a window: flat, and in its 2.5D.
"""

import json
import os
import resource
import struct
import sys
import time
from pathlib import Path

import numpy as np

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    Qgs25DRenderer,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsRectangle,
    QgsRendererRange,
    QgsSingleSymbolRenderer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize, QVariant
from qgis.PyQt.QtGui import QColor

CRS = "EPSG:4549"
FALSE_EAST, FALSE_NORTH = 500_000.0, 3_300_000.0
"""Where the middle of the scene is put: well inside the system's area of use."""
TIMES = 5
PATIENCE_S = 240.0
"""A view that is not drawn by then is given up and said to take longer."""
RAISED_M = 900.0
RAMP = ("#294d7a", "#338c99", "#73b873", "#edc759", "#bf2933")


def polygon(ring):
    """A closed ring float64[n, 2] as WKB."""
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + np.ascontiguousarray(ring, "<f8").tobytes()


def line(points):
    """A line float64[n, 2] as WKB."""
    return struct.pack("<BII", 1, 2, len(points)) + np.ascontiguousarray(points, "<f8").tobytes()


def point(place):
    """A place float64[2] as WKB."""
    return struct.pack("<BIdd", 1, 1, *place)


SORTS = {
    "polygon": (QgsWkbTypes.Polygon, polygon),
    "line": (QgsWkbTypes.LineString, line),
    "point": (QgsWkbTypes.Point, point),
}


def write(folder, name, sort, package):
    """One layer into the GeoPackage."""
    held = np.load(folder / (name + ".npz"))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    if package.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.CreateOrOverwriteLayer
    fields = QgsFields()
    fields.append(QgsField("value", QVariant.Double))
    kind, well_known = SORTS[sort]
    crs = QgsCoordinateReferenceSystem(CRS)
    writer = QgsVectorFileWriter.create(str(package), fields, kind, crs, QgsCoordinateTransformContext(), options)
    xy, offsets, values = held["xy"] + (FALSE_EAST, FALSE_NORTH), held["offsets"], held["values"]
    for number in range(len(values)):
        part = xy[offsets[number] : offsets[number + 1]]
        feature, geometry = QgsFeature(fields), QgsGeometry()
        geometry.fromWkb(well_known(part if sort != "point" else part[0]))
        feature.setGeometry(geometry)
        feature.setAttributes([float(values[number])])
        writer.addFeature(feature, QgsFeatureSink.FastInsert)
    del writer


def graduated(symbol, most):
    """Five colours by value."""
    steps = len(RAMP)
    parts = [
        QgsRendererRange(most * step / steps - 1e-9, most * (step + 1) / steps, symbol(QColor(colour)), str(step))
        for step, colour in enumerate(RAMP)
    ]
    return QgsGraduatedSymbolRenderer("value", parts)


def fill(colour):
    """A surface with a thin edge."""
    return QgsFillSymbol.createSimple({"color": colour.name(), "outline_color": "#333333", "outline_width": "0.1"})


def marker(name, colour, size):
    """A mark of a point."""
    simple = {"name": name, "color": colour, "size": str(size), "outline_style": "no"}
    return QgsSingleSymbolRenderer(QgsMarkerSymbol.createSimple(simple))


def style(layers, standing):
    """Give every layer its symbols: flat, or grids and buildings by the 2.5D renderer."""
    layers["grids"].setRenderer(graduated(fill, 1.0))
    layers["buildings"].setRenderer(graduated(fill, 100.0))
    layers["roads"].setRenderer(QgsSingleSymbolRenderer(QgsLineSymbol.createSimple({"color": "#eeeeee", "width": "0.4"})))
    layers["cameras"].setRenderer(marker("square", "#78e6ff", 2.5))
    layers["workers"].setRenderer(marker("circle", "#28f0aa", 1.8))
    layers["pins"].setRenderer(marker("triangle", "#f5821e", 4.0))
    if standing:
        for name, height in (("grids", f'"value" * {RAISED_M}'), ("buildings", '"value"')):
            QgsExpressionContextUtils.setLayerVariable(layers[name], "qgis_25d_height", height)
            QgsExpressionContextUtils.setLayerVariable(layers[name], "qgis_25d_angle", "70")
            layers[name].setRenderer(Qgs25DRenderer())


def render(layers, box, size, application):
    """Milliseconds of one picture, and the picture; None where patience ran out."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(*size))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(CRS))
    settings.setExtent(QgsRectangle(*box))
    settings.setBackgroundColor(QColor("#101820"))
    began = time.perf_counter()
    job = QgsMapRendererParallelJob(settings)
    job.start()
    while job.isActive():
        application.processEvents()
        if time.perf_counter() - began > PATIENCE_S:
            job.cancelWithoutBlocking()
            return None, None
        time.sleep(0.001)
    return (time.perf_counter() - began) * 1e3, job.renderedImage()


def views_of(about, layers, application, folder, word):
    """Figures of every view one way."""
    found = {}
    wide, high = about["size"]
    for name, view_m in about["views"].items():
        drawn = [name for name in about["order"] if name != "buildings" or view_m < about["buildings_below_m"]]
        spent = []
        for number in range(TIMES if view_m < 60_000 and word == "flat" else 1):
            x = FALSE_EAST + about["middle"][0] + number * view_m * 0.004
            y = FALSE_NORTH + about["middle"][1]
            half = view_m / 2
            box = (x - half, y - half * high / wide, x + half, y + half * high / wide)
            took, picture = render([layers[name] for name in drawn], box, (wide, high), application)
            if took is None:
                found[f"{word}: {name}, longer_than_s"] = PATIENCE_S
                break
            spent.append(took)
            picture.save(str(folder / f"{word}-{name}.png"))
        if spent:
            found[f"{word}: {name}, median_ms"] = round(float(np.median(spent)))
            found[f"{word}: {name}, pictures"] = len(spent)
    return found


def main(folder):
    """Everything."""
    about = json.loads((folder / "about.json").read_text("utf-8"))
    application = QgsApplication([], False)
    application.initQgis()
    package = folder / "layers.gpkg"
    began = time.perf_counter()
    for name, sort in about["layers"].items():
        write(folder, name, sort, package)
    found = {"layers_written_s": round(time.perf_counter() - began, 1)}
    layers = {name: QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in about["layers"]}
    invalid = [name for name, layer in layers.items() if not layer.isValid()]
    if invalid:
        raise SystemExit("QGIS refuses " + ", ".join(invalid))
    for word in ("flat", "2.5D"):
        style(layers, word == "2.5D")
        found.update(views_of(about, layers, application, folder, word))
    found["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
    print(json.dumps(found), flush=True)
    os._exit(0)  # QGIS of Debian 12 crashes when it is taken down in order


if __name__ == "__main__":
    main(Path(sys.argv[1]))
