"""An ONVIF camera stood in for: the Device, Media and PTZ operations that are used of it, with a UsernameToken digest."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from server.drill.device_server import Answer, Asked, DeviceServer

NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"'
)
OPEN = frozenset({"GetSystemDateAndTime", "GetServices", "GetCapabilities"})
"""What anybody may ask."""
PROFILES = (("main_1", 1920, 1080), ("sub_1", 640, 360))
PRESETS = (("1", "大门"), ("2", "停车场"))


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement that was asked for; nought all over is a stop."""

    profile: str
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    timeout: str = ""
    preset: str = ""


class OnvifDevice(DeviceServer):
    """One camera with two profiles, a head that turns, and two views it remembers."""

    def __init__(self, user: str = "", password: str = "", tls: ssl.SSLContext | None = None) -> None:
        """No user: anybody may ask. `tls`: over HTTPS alone."""
        self.moved: list[Moved] = []
        self.lie = ""
        """"scheme" or "nothing" of its streams; "empty": no profiles."""
        self.reports_host = "192.168.1.64"
        """What it takes its own address to be, as devices behind a router do."""
        self._user, self._password = user, password
        super().__init__(tls=tls)

    @property
    def service(self) -> str:
        """The address of its device service."""
        return f"{self.url}/onvif/device_service"

    def answer(self, asked: Asked) -> Answer:
        """What the device says."""
        try:
            envelope = ElementTree.fromstring(asked.body)
        except ElementTree.ParseError:
            return _fault("ter:WellFormed", 400)
        body = next((each for each in envelope if _local(each) == "Body"), None)
        operation = next(iter(body), None) if body is not None else None
        if operation is None:
            return _fault("ter:WellFormed", 400)
        name = _local(operation)
        if name not in OPEN and not self._is_known(envelope):
            return _fault("ter:NotAuthorized", 401)
        said = {_local(each): (each.text or "").strip() for each in operation.iter()}
        return self._done(name, said, operation)

    def _done(self, name: str, said: dict[str, str], operation: ElementTree.Element) -> Answer:
        """One operation."""
        profile = said.get("ProfileToken", "")
        match name:
            case "GetSystemDateAndTime":
                return _ok(CLOCK)
            case "GetServices":
                return _ok(f"<tds:GetServicesResponse>{self._services()}</tds:GetServicesResponse>")
            case "GetProfiles":
                return _ok(f"<trt:GetProfilesResponse>{self._profiles()}</trt:GetProfilesResponse>")
            case "GetStreamUri":
                return self._stream(profile)
            case "GetPresets":
                listed = "".join(f'<tptz:Preset token="{t}"><tt:Name>{n}</tt:Name></tptz:Preset>' for t, n in PRESETS)
                return _ok(f"<tptz:GetPresetsResponse>{listed}</tptz:GetPresetsResponse>")
            case "ContinuousMove":
                self.moved.append(Moved(profile, *_speeds(operation), said.get("Timeout", "")))
            case "Stop":
                self.moved.append(Moved(profile))
            case "GotoPreset":
                if said.get("PresetToken") not in dict(PRESETS):
                    return _fault("ter:NoToken", 400)
                self.moved.append(Moved(profile, preset=said["PresetToken"]))
            case _:
                return _fault("ter:ActionNotSupported", 500)
        return _ok(f"<tptz:{name}Response/>")

    def _services(self) -> str:
        """Where its services are, by the address it takes itself to have."""
        spaces = {"device": "ver10/device/wsdl", "media": "ver10/media/wsdl", "ptz": "ver20/ptz/wsdl"}
        return "".join(
            f"<tds:Service><tds:Namespace>http://www.onvif.org/{space}</tds:Namespace><tds:XAddr>"
            f"http://{self.reports_host}/onvif/{'device_service' if name == 'device' else name}</tds:XAddr>"
            "<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version></tds:Service>"
            for name, space in spaces.items()
        )

    def _profiles(self) -> str:
        if self.lie == "empty":
            return ""
        return "".join(
            f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name>'
            f'<tt:VideoEncoderConfiguration token="e_{token}"><tt:Name>e</tt:Name><tt:UseCount>1</tt:UseCount>'
            f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{wide}</tt:Width><tt:Height>{high}</tt:Height>"
            "</tt:Resolution></tt:VideoEncoderConfiguration>"
            '<tt:PTZConfiguration token="p"><tt:Name>p</tt:Name><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration>'
            "</trt:Profiles>"
            for token, wide, high in PROFILES
        )

    def _stream(self, profile: str) -> Answer:
        if profile not in {token for token, *_ in PROFILES}:
            return _fault("ter:NoProfile", 400)
        uri = f"rtsp://{self.reports_host}:554/{profile}?unicast=true&proto=Onvif"
        uri = {"scheme": "javascript:alert(1)", "nothing": ""}.get(self.lie, uri)
        return _ok(
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{escape(uri)}</tt:Uri><tt:InvalidAfterConnect>false"
            "</tt:InvalidAfterConnect></trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _is_known(self, envelope: ElementTree.Element) -> bool:
        """Whether the digest of the header is that of the password."""
        if not self._user:
            return True
        said = {_local(each): (each.text or "").strip() for each in envelope.iter()}
        try:
            nonce = base64.b64decode(said.get("Nonce", ""), validate=True)
        except ValueError:
            return False
        made = hashlib.sha1(nonce + said.get("Created", "").encode() + self._password.encode(), usedforsecurity=False)
        digest = base64.b64encode(made.digest()).decode()
        return (said.get("Username"), said.get("Password")) == (self._user, digest)


CLOCK = (
    "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
    "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime><tt:Time><tt:Hour>4</tt:Hour><tt:Minute>0</tt:Minute>"
    "<tt:Second>0</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>11</tt:Month><tt:Day>30</tt:Day></tt:Date>"
    "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
)


def _speeds(operation: ElementTree.Element) -> tuple[float, float, float]:
    """Right, up, nearer."""
    found = {_local(each): each.attrib for each in operation.iter()}
    turn, zoom = found.get("PanTilt", {}), found.get("Zoom", {})
    return float(turn.get("x", 0)), float(turn.get("y", 0)), float(zoom.get("x", 0))


def _local(element: ElementTree.Element) -> str:
    return re.sub(r"^\{.*\}", "", element.tag)


def _ok(inner: str) -> Answer:
    text = f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {NAMESPACES}><s:Body>{inner}</s:Body></s:Envelope>'
    return Answer(text.encode(), kind="application/soap+xml; charset=utf-8")


def _fault(code: str, status: int) -> Answer:
    inner = (
        f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{code}</s:Text></s:Reason></s:Fault>'
    )
    answer = _ok(inner)
    return Answer(answer.body, status, answer.kind)
