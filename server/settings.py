"""One frozen Settings, read from HOME/settings.toml: where everything is, on loopback unless someone says otherwise."""

from __future__ import annotations

import os
import socket
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import URL

from server.private_postgis import APP_ROLE, OWNER_ROLE, PrivatePostgis
from server.secret_file import SecretExposed

FILE_NAME = "settings.toml"
DATABASE = "gridwarden"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the four server processes need to know beside the ledger. Endpoints are ZeroMQ's: tcp://HOST:PORT."""

    home: Path
    database: str
    desk_endpoint: str
    feed_endpoint: str
    lane_endpoint: str
    bulk_endpoint: str
    intake_http_host: str
    intake_http_port: int
    intake_pull_endpoint: str
    rtsp_base: str
    """rtsp://HOST:PORT, no slash behind it."""
    session_hours: float = 12.0
    intake_proxies: str = ""
    """Addresses, separated by commas, of our own proxies before the intake; whom they say they speak for is believed."""
    pace: float = 1.0
    """How much faster than real time the drill's world runs."""
    telephone_exchange: str = ""
    """Host of the district's telephone exchange (SIP), where workers and units have numbers; empty: there is none."""
    camera_round_s: float = 300.0
    """How long one camera round (巡检) takes, in which every camera is asked once; 0 asks none."""

    @staticmethod
    def choose(home: Path, database: str = DATABASE, pace: float = 1.0) -> Settings:
        """Settings for a new home: loopback, ports that are free now."""
        ports = _free_ports(7)
        tcp = [f"tcp://{LOOPBACK}:{port}" for port in ports]
        return Settings(
            home=home.absolute(),
            database=database,
            desk_endpoint=tcp[0],
            feed_endpoint=tcp[1],
            lane_endpoint=tcp[2],
            bulk_endpoint=tcp[3],
            intake_http_host=LOOPBACK,
            intake_http_port=ports[4],
            intake_pull_endpoint=tcp[5],
            rtsp_base=f"rtsp://{LOOPBACK}:{ports[6]}",
            pace=pace,
        )

    @staticmethod
    def again(home: Path, database: str = DATABASE) -> Settings:
        """The settings of a home as they stand, other ports where somebody listens now; chosen where there are none.

        Raises as `read` does where they cannot be read.
        """
        chosen = Settings.choose(home, database)
        try:
            kept = Settings.read(home)
        except FileNotFoundError:
            return chosen
        taken = {
            name: getattr(chosen, name)
            for name in (
                "desk_endpoint",
                "feed_endpoint",
                "lane_endpoint",
                "bulk_endpoint",
                "intake_pull_endpoint",
                "rtsp_base",
            )
            if not _is_free(*_host_and_port(getattr(kept, name)))
        }
        if not _is_free(kept.intake_http_host, kept.intake_http_port):
            taken["intake_http_port"] = chosen.intake_http_port
        return replace(kept, **taken)

    @staticmethod
    def read(home: Path) -> Settings:
        """The settings of a home; raises FileNotFoundError, SecretExposed, or ValueError naming the wrong field."""
        path = home.absolute() / FILE_NAME
        if path.stat().st_mode & 0o077:
            raise SecretExposed(path)
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {item.name: item for item in fields(Settings) if item.name != "home"}
        for name in written:
            if name not in known:
                raise ValueError(f"{path}: unknown setting {name!r}")
        kinds: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float)}
        for name, value in written.items():
            if not isinstance(value, kinds[str(known[name].type)]):
                raise ValueError(f"{path}: {name} must be {known[name].type}")
        try:
            return Settings(home=home.absolute(), **written)
        except TypeError as problem:
            raise ValueError(f"{path}: {problem}") from problem

    def write(self) -> None:
        """The settings stand in the home, mode 0600; an older file is replaced as a whole."""
        shown = asdict(self)
        del shown["home"]
        path = self.home / FILE_NAME
        fresh = path.with_name(f"{FILE_NAME}.{os.getpid()}.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            tomli_w.dump(shown, file)
        fresh.replace(path)

    @property
    def postgis(self) -> PrivatePostgis:
        """The private database cluster of this home."""
        return PrivatePostgis(self.home)

    def database_url(self, role: str = APP_ROLE) -> URL:
        """The address of the ledger for a role; holds its password."""
        return self.postgis.url(role, self.database)

    @property
    def owner_url(self) -> URL:
        """The address of the ledger for whoever migrates and seeds it."""
        return self.database_url(OWNER_ROLE)

    def connect_arguments(self, role: str = APP_ROLE) -> dict[str, Any]:
        """The same for psycopg.connect."""
        return self.postgis.connect_arguments(role, self.database)

    @property
    def keys(self) -> Path:
        """The folder of the server's own keys, mode 0700."""
        return self.home / "keys"

    @property
    def packs(self) -> Path:
        """The folder of the town's packs, each named by its sha256."""
        return self.home / "packs"

    @property
    def attachments(self) -> Path:
        """The folder of photos and documents, each named by its sha256."""
        return self.home / "attachments"

    @property
    def brought_photos(self) -> Path:
        """The folder of photos that desks handed in and no order names yet."""
        return self.home / "brought_photos"

    @property
    def camera_key_file(self) -> Path:
        """The key that signs stream addresses, shared with the gateway that serves the streams."""
        return self.keys / "camera.key"


def _host_and_port(endpoint: str) -> tuple[str, int]:
    """The two of tcp://HOST:PORT or rtsp://HOST:PORT; ValueError where it is neither."""
    host, _, port = endpoint.partition("://")[2].rpartition(":")
    return host, int(port)


def _is_free(host: str, port: int) -> bool:
    """Whether we could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("" if host == "*" else host, port))
        except OSError:
            return False
    return True


def _free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in held]
    finally:
        for each in held:
            each.close()
