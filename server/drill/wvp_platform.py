"""A WVP platform stood in for: the part of its public HTTP interface that is used of it, with ZLMediaKit's addresses.

`/api/user/login`, `/api/play/start`, `/api/play/stop`, `/api/device/query/devices/DEVICE/channels`, `/api/front-end/ptz`,
`/api/front-end/preset/query` and `/call`; answers are `{"code", "msg", "data"}`, code 0 where all went well.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from server.drill.device_server import Answer, Asked, DeviceServer

COMMANDS = frozenset(("left", "right", "up", "down", "upleft", "upright", "downleft", "downright", "zoomin", "zoomout", "stop"))
LIES = ("another", "scheme", "nothing", "text")
"""Another channel's stream; an address nobody plays; no address; a data that is no object."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A movement that was asked for."""

    channel: str
    command: str
    speeds: tuple[int, int, int]


class WvpPlatform(DeviceServer):
    """One platform with its devices, a user, and an api-key."""

    def __init__(self, devices: dict[str, dict[str, bool]], user: str = "", password: str = "", api_key: str = "") -> None:
        """`devices`: code of a device -> code of each channel -> whether it is registered. No user, no key: anybody may ask."""
        self.devices = devices
        self.rtsp = "rtsp://127.0.0.1:554/rtp"
        self.lie = ""
        self.refuses_play = ""
        """What the platform says instead of playing, such as 点播超时."""
        self.turned: list[Turned] = []
        self.called: list[tuple[str, str]] = []
        self.playing: set[str] = set()
        self._user, self._api_key = user, api_key
        self._digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        self._token = hashlib.sha256(f"{user}{password}".encode()).hexdigest()
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        """What the platform says."""
        if asked.path == "/api/user/login":
            return self._login(asked)
        if not self._is_known(asked):
            return Answer(json.dumps({"code": 401, "msg": "请登录后重新请求"}).encode(), 401)
        parts = asked.path.strip("/").split("/")
        match parts:
            case ["api", "play", "start", device, channel]:
                return self._play(device, channel)
            case ["api", "play", "stop", device, channel]:
                self.playing.discard(channel)
                return _well({"deviceId": device, "channelId": channel})
            case ["api", "device", "query", "devices", device, "channels"]:
                return self._channels(device, asked.query.get("query", ""))
            case ["api", "front-end", "ptz", device, channel] if channel in self.devices.get(device, {}):
                return self._turn(channel, asked.query)
            case ["api", "front-end", "preset", "query", device, channel] if channel in self.devices.get(device, {}):
                return _well([{"presetId": "1", "presetName": "东门"}, {"presetId": "2", "presetName": ""}])
            case ["api", "front-end", "preset", "call", device, channel] if channel in self.devices.get(device, {}):
                self.called.append((channel, asked.query.get("presetId", "")))
                return _well(None)
        return _badly(404, "not found")

    def _login(self, asked: Asked) -> Answer:
        if (asked.query.get("username"), asked.query.get("password")) != (self._user, self._digest):
            return _badly(100, "用户名或密码错误")
        return _well({"username": self._user, "accessToken": self._token})

    def _is_known(self, asked: Asked) -> bool:
        """Whether a request names the platform's key or a token of its."""
        headers = {name.lower(): value for name, value in asked.headers.items()}
        if self._user and headers.get("access-token") == self._token:
            return True
        if self._api_key and headers.get("api-key") == self._api_key:
            return True
        return not self._user and not self._api_key

    def _play(self, device: str, channel: str) -> Answer:
        if channel not in self.devices.get(device, {}):
            return _badly(100, "通道不存在")
        if self.refuses_play:
            return _badly(100, self.refuses_play)
        if self.lie == "text":
            return _well("playing")
        self.playing.add(channel)
        stream = f"{device}_{channel}" if self.lie != "another" else f"{device}_{channel[:-1]}{(int(channel[-1]) + 1) % 10}"
        addresses = {
            "rtsp": f"{self.rtsp}/{stream}?originTypeStr=rtp_push",
            "flv": f"{self.url}/rtp/{stream}.live.flv",
            "ts": f"{self.url}/rtp/{stream}.live.ts",
        }
        if self.lie == "scheme":
            addresses = {"rtsp": "file:///etc/passwd"}
        if self.lie == "nothing":
            addresses = {}
        return _well({"app": "rtp", "stream": stream, "ip": "127.0.0.1", "mediaServerId": "zlm"} | addresses)

    def _channels(self, device: str, query: str) -> Answer:
        listed = [
            {"deviceId": channel, "parentId": device, "status": "ON" if is_on else "OFF"}
            for channel, is_on in self.devices.get(device, {}).items()
            if query in channel
        ]
        return _well({"total": len(listed), "list": listed})

    def _turn(self, channel: str, query: dict[str, str]) -> Answer:
        command = query.get("command", "")
        if command not in COMMANDS:
            return _badly(400, "未知的command")
        horizon, vertical, zoom = (int(query.get(name, "0")) for name in ("horizonSpeed", "verticalSpeed", "zoomSpeed"))
        self.turned.append(Turned(channel, command, (horizon, vertical, zoom)))
        return _well(None)


def _well(data: Any) -> Answer:
    return Answer(json.dumps({"code": 0, "msg": "成功", "data": data}, ensure_ascii=False).encode())


def _badly(code: int, why: str) -> Answer:
    return Answer(json.dumps({"code": code, "msg": why}, ensure_ascii=False).encode())
