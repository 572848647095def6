"""The cameras as a table that can be loaded again; no password is ever written out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from governance.camera import Camera, CameraState, GroupKind
from server.camera_devices.certificates import in_pairs
from server.cameras_admin.columns import HEADINGS
from server.cameras_admin.planning import Known
from server.ledger.camera_groups import GroupPath
from server.ledger.camera_sources import Source, SourceKind

LEFT_OUT = frozenset({"stream_password"})
COLUMNS = tuple(name for name in HEADINGS if name not in LEFT_OUT)


def table(known: Known, language: str) -> str:
    """A CSV of all cameras, by code, with headings of a language and a mark that tells a spreadsheet the encoding."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name if language == "en" else HEADINGS[name][0] for name in COLUMNS])
    codes = {unit: code for code, unit in known.units.items()}
    for code, camera in sorted(known.cameras.items()):
        unit = codes.get(camera.unit, "") if camera.unit else ""
        writer.writerow(_cells(camera, unit, known.sources.get(code, Source(code)), known.groups))
    return out.getvalue()


def _cells(
    camera: Camera, unit: str, source: Source, groups: Mapping[tuple[str, GroupKind], tuple[GroupPath, ...]]
) -> Iterable[str]:
    """One line, in the order of COLUMNS."""
    said: dict[str, object] = {
        "id": camera.id,
        "name": camera.name,
        "lon": f"{camera.place.lon:.7f}",
        "lat": f"{camera.place.lat:.7f}",
        "datum": "CGCS2000",
        "owner": camera.owner,
        "unit": unit,
        "heading_deg": f"{camera.heading_deg:.10g}",
        "field_of_view_deg": f"{camera.field_of_view_deg:.10g}",
        "range_m": f"{camera.range_m:.10g}",
        "height_m": "" if camera.height_m is None else f"{camera.height_m:.10g}",
        "share_level": camera.share_level,
        "is_sensitive": "yes" if camera.is_sensitive else "no",
        "is_ptz": "yes" if camera.is_ptz else "no",
        "at_fault": "yes" if camera.state is CameraState.FAULT else "no",
        "stream_kind": source.kind.value,
        "stream_channel": source.channel,
        "stream_main": source.main_path,
        "stream_sub": source.sub_path,
    }
    if source.kind is not SourceKind.GATEWAY:
        said |= {"stream_address": source.address, "stream_device": source.device, "stream_user": source.user}
        said["stream_fingerprint"] = in_pairs(source.fingerprint)
    for kind in GroupKind:
        said[f"group_{kind.value}"] = "; ".join("/".join(path) for path in groups.get((camera.id, kind), ()))
    return (_harmless(str(said.get(name, ""))) for name in COLUMNS)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@") else cell
