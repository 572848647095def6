"""Phones of the world outside: HTTPS with the server's own certificate, and packed fixes under CURVE."""

from __future__ import annotations

import ssl
import time
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import zmq

from governance.places import LonLat
from tests.together.at_work import ServerAtWork, curve_socket
from wire.codec import encode_positions
from wire.publications import POSITION

JPEG = b"\xff\xd8\xff\xe0" + b"a photograph" * 40


PATIENCE_S = 20.0
"""How long somebody waits for an answer, and tries again where he hears that the server is busy."""


def trusting(work: ServerAtWork) -> ssl.SSLContext:
    """What trusts the server's own certificate and nothing else."""
    return ssl.create_default_context(cafile=str(work.settings.keys / "tls.crt"))


def https(work: ServerAtWork, timeout_s: float = PATIENCE_S) -> httpx.Client:
    """A client that trusts the server's certificate and nothing else."""
    return httpx.Client(base_url=work.url, verify=trusting(work), timeout=timeout_s)


class Phone:
    """One worker's enrolled phone, logged on."""

    def __init__(self, work: ServerAtWork, row: int, timeout_s: float = PATIENCE_S) -> None:
        """Logged on."""
        self.device = work.phones[row]
        self.number = int(self.device["number"])
        self.client = https(work, timeout_s)
        said = {"device": self.device["device"], "secret": self.device["secret"]}
        give_up_at = time.monotonic() + PATIENCE_S
        while (answer := self.client.post("/v1/worker/log-on", json=said, timeout=PATIENCE_S)).status_code == 503:
            assert time.monotonic() < give_up_at, answer.text
            time.sleep(0.2)
        assert answer.status_code == 200, answer.text
        self.header = {"Authorization": f"Bearer {answer.json()['token']}"}

    def report(self, text: str, place: LonLat, key: str | None = None) -> httpx.Response:
        """Report something seen, under a key of its own."""
        said = {"text": text, "lon": place.lon, "lat": place.lat}
        header = {**self.header, "Idempotency-Key": key or str(uuid4())}
        return self.client.post("/v1/worker/reports", json=said, headers=header)

    def tasks(self) -> list[dict[str, Any]]:
        """The worker's live tasks."""
        answer = self.client.get("/v1/worker/tasks", headers=self.header)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["tasks"]
        return found

    def press(self, assignment: str, action: str, photo: bool = False, **said: Any) -> httpx.Response:
        """One tap of the worker's."""
        header = {**self.header, "Idempotency-Key": str(uuid4())}
        address = f"/v1/worker/tasks/{assignment}/{action}"
        if photo:
            files = {"photo": ("after.jpg", JPEG, "image/jpeg")}
            return self.client.post(address, headers=header, data=said, files=files)
        return self.client.post(address, headers=header, json=said)

    def close(self) -> None:
        """Hung up."""
        self.client.close()


class Gateway:
    """The enrolled gateway: pushes packed fixes of any worker."""

    def __init__(self, work: ServerAtWork) -> None:
        """Its key is enrolled."""
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        pair = zmq.curve_keypair()
        with https(work) as client:
            said = {"device": "gateway-1", "secret": work.gateway_secret}
            token = client.post("/v1/gateway/log-on", json=said).json()["token"]
            header = {"Authorization": f"Bearer {token}"}
            door = client.post("/v1/sender-key", headers=header, json={"public_key": pair[0].decode()}).json()
        self._push = curve_socket(self._context, zmq.PUSH, door["endpoint"], door["server_key"].encode(), pair)

    def push(self, number: int, place: LonLat) -> int:
        """One fix of a worker, of this second, goes out if the server takes it; its second."""
        one = np.zeros(1, POSITION)
        one["worker"], one["at"] = number, int(time.time())
        one["lon"], one["lat"] = round(place.lon * 1e7), round(place.lat * 1e7)
        one["accuracy"], one["battery"] = 50, 88
        try:
            self._push.send(encode_positions(one), zmq.NOBLOCK)
        except zmq.Again:
            return 0
        return int(one["at"][0])

    def close(self) -> None:
        """Gone."""
        self._push.close()
        self._context.term()
