"""Addresses whose form follows from the make of a device: Hikvision, Dahua, plain RTSP, HTTP-TS and HTTP-FLV; pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from server.camera_devices.patience import DeviceFailed
from server.ledger.camera_sources import Source, SourceKind

RTSP_PORT = 554
LONGEST_URL = 2_000
SCHEMES = {SourceKind.RTSP: ("rtsp", "rtsps"), SourceKind.HTTP: ("http", "https")}
PLAYABLE = ("rtsp", "rtsps", "http", "https")
"""What a desk is ever sent."""
FORMED = frozenset({SourceKind.RTSP, SourceKind.HIKVISION, SourceKind.DAHUA, SourceKind.HTTP})
"""Kinds whose address is known without asking anybody."""


def why_no_source(source: Source) -> str | None:
    """What is missing or wrong in a source, as a code of the words of the command; None where it can be tried."""
    if source.kind is SourceKind.GATEWAY:
        return None
    if not source.address:
        return "address_needed"
    if source.kind in SCHEMES or source.kind is SourceKind.GB28181:
        wanted = SCHEMES.get(source.kind, ("http", "https"))
        if _parts(source.address)[0] not in wanted:
            return "address_scheme"
    if source.kind in (SourceKind.HIKVISION, SourceKind.DAHUA) and "/" in source.address:
        return "address_is_url"
    if not _host(service_url(source) if source.kind is SourceKind.ONVIF else _with_scheme(source)):
        return "address_wrong"
    if source.kind is SourceKind.GB28181 and not (len(source.device) == 20 and source.device.isdigit()):
        return "device_needed"
    if source.kind in SCHEMES and any(path and not path.startswith("/") for path in (source.main_path, source.sub_path)):
        return "path_slash"
    return None


def formed_url(source: Source, stream: str) -> str:
    """The address of the 'sub' or 'main' stream with the device's log-on in it: never log it."""
    is_main = stream == "main"
    if source.kind is SourceKind.HIKVISION:
        path = f"/Streaming/Channels/{source.channel * 100 + (1 if is_main else 2)}"
        url = f"rtsp://{_host_and_port(source.address)}{path}"
    elif source.kind is SourceKind.DAHUA:
        url = f"rtsp://{_host_and_port(source.address)}/cam/realmonitor?channel={source.channel}&subtype={0 if is_main else 1}"
    else:
        path = source.main_path if is_main else source.sub_path or source.main_path
        url = source.address.rstrip("/") + path if path else source.address
    return with_log_on(url, source.user, source.password)


def with_log_on(url: str, user: str, password: str) -> str:
    """The URL with user and password in it, whatever it had there before; as it is where there is no user."""
    scheme, netloc, path, query, fragment = urlsplit(url)
    host = netloc.rpartition("@")[2]
    if not user:
        return urlunsplit((scheme, host, path, query, fragment))
    return urlunsplit((scheme, f"{quote(user, safe='')}:{quote(password, safe='')}@{host}", path, query, fragment))


def checked(url: object) -> str:
    """A URL that a device or gateway named, if a desk may be sent there; DeviceFailed('device_wrong') where not."""
    if not isinstance(url, str) or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise DeviceFailed("device_wrong", "no address")
    scheme, host = _parts(url)
    if scheme not in PLAYABLE or not host:
        raise DeviceFailed("device_wrong", f"address of scheme {scheme[:20]!r}")
    return url


def service_url(source: Source) -> str:
    """The device service of an ONVIF camera: as it was written, or at the usual path of a host."""
    return source.address if "://" in source.address else f"http://{source.address}/onvif/device_service"


def _with_scheme(source: Source) -> str:
    return source.address if "://" in source.address else f"rtsp://{source.address}"


def host_and_port(source: Source) -> tuple[str, int]:
    """Where a device or its gateway takes connections; ValueError where the address is none."""
    url = urlsplit(service_url(source) if source.kind is SourceKind.ONVIF else _with_scheme(source))
    usual = {"rtsp": RTSP_PORT, "rtsps": 322, "http": 80, "https": 443}
    if not url.hostname:
        raise ValueError("no host")
    return url.hostname, url.port or usual.get(url.scheme, RTSP_PORT)


def _host_and_port(address: str) -> str:
    """host:port, RTSP's own port where none is said."""
    host, port = urlsplit(f"//{address}").hostname or "", urlsplit(f"//{address}").port or RTSP_PORT
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _host(url: str) -> str:
    return _parts(url)[1]


def _parts(url: str) -> tuple[str, str]:
    """Scheme and host of a URL; two empty texts where it is none."""
    try:
        found = urlsplit(url)
        _ = found.port  # a port that is no number says so only when it is asked for
        return found.scheme.lower(), found.hostname or ""
    except ValueError:
        return "", ""
