"""A seeded ledger with the real intake and positions processes in front of it, for tests that speak to them from outside."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from server.keys import ensure_keys
from server.ledger.ledger import Ledger
from server.ledger.seed import Seeded, seed
from server.private_postgis import OWNER_ROLE, PrivatePostgis
from server.settings import Settings
from tests.fakes.small_town import small_town

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 12


@dataclass
class World:
    """What a test needs to talk to the processes and to look behind them."""

    settings: Settings
    seeded: Seeded
    ledger: Ledger
    processes: dict[str, subprocess.Popen[bytes]]

    @property
    def url(self) -> str:
        """Where the intake answers."""
        return f"https://{self.settings.intake_http_host}:{self.settings.intake_http_port}"

    @property
    def certificate(self) -> str:
        """What a client must trust."""
        return str(self.settings.keys / "tls.crt")

    def client(self) -> httpx.Client:
        """An HTTPS client that trusts the server's certificate and nothing else."""
        return httpx.Client(base_url=self.url, verify=_trusting(self.certificate), timeout=20)

    def start(self, part: str, call: str = "main(Settings.read(Path(sys.argv[1])))") -> None:
        """Start one process (intake, positions) and wait until it is ready; `call` is how its module is run."""
        code = (
            "import sys; from pathlib import Path; from server.settings import Settings; "
            f"from server.{part}.run import *; {call}"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(self.settings.home)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.processes[part] = process
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], 30)
        line = process.stdout.readline() if readable else b""
        if line != b"ready\n":
            process.kill()
            raise AssertionError(f"{part} did not start: {line!r} {process.communicate()[1].decode()}")

    def stop(self, part: str) -> str:
        """End one process; what it wrote to standard error."""
        process = self.processes.pop(part)
        process.terminate()
        try:
            _, errors = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return errors.decode()

    def one(self, query: str, *values: Any) -> Any:
        """The first column of the only row of a query, as the owner."""
        rows = self.all(query, *values)
        assert len(rows) == 1, rows
        return rows[0][0]

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, as the owner."""
        with psycopg.connect(**self.settings.connect_arguments(OWNER_ROLE)) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Change something behind the processes' backs."""
        with psycopg.connect(**self.settings.connect_arguments(OWNER_ROLE)) as connection:
            connection.execute(statement, values)


def until(holds: Callable[[], Any], what: str, limit_s: float = 15.0) -> Any:
    """What a question answers once its answer is true."""
    give_up_at = time.monotonic() + limit_s
    while True:
        answer = holds()
        if answer:
            return answer
        assert time.monotonic() < give_up_at, f"did not happen: {what}"
        time.sleep(0.02)


@contextmanager
def world(postgis: PrivatePostgis, template: str) -> Iterator[World]:
    """A seeded world in a database of its own; no process of it is left afterwards."""
    database = f"w_{uuid4().hex[:12]}"
    postgis.copy_database(template, database, OWNER_ROLE)
    settings = Settings.choose(postgis._home, database)
    settings.write()
    keys = ensure_keys(settings.keys)
    owner = Ledger(settings.owner_url, keys.data_key)
    ledger = Ledger(settings.database_url(), keys.data_key)
    try:
        made = World(settings, seed(owner, small_town(), settings.packs, WORKERS), ledger, {})
        owner.close()
        try:
            yield made
        finally:
            for part in tuple(made.processes):
                made.stop(part)
    finally:
        ledger.close()
        owner.close()
        postgis.drop_database(database)


def _trusting(certificate: str) -> Any:
    import ssl

    return ssl.create_default_context(cafile=certificate)


def body(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer."""
    read = json.loads(answer.text)
    assert isinstance(read, dict)
    return read


def new_key() -> dict[str, str]:
    """A header with an idempotency key nobody used."""
    return {"Idempotency-Key": str(uuid4())}


def as_uuid(text: str) -> UUID:
    """The id in an answer."""
    return UUID(text)
