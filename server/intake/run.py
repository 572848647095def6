"""The intake process: HTTPS for phones, citizens and gateways."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import signal
import socket
import sys
from collections.abc import Iterator

import structlog
import uvicorn

from server.intake.dispatch_watch import DispatchWatch
from server.intake.doorway import CONNECTIONS, CONNECTIONS_OF_ONE, Doorway
from server.intake.enrolment import Enrolment, Tokens, derived_key
from server.intake.forwarding import Forwarding
from server.intake.patience import Connection, Patience
from server.intake.photo_store import PhotoStore
from server.intake.reception import PullDoor, Reception
from server.intake.service import application
from server.keys import ServerKeys, ensure_keys
from server.ledger.ledger import Ledger
from server.positions.sender_key import intake_keys
from server.settings import Settings

TELL_EVERY_S = 60.0
OTHER_FILES = 500
ENDING_S = 1
GARBAGE_THRESHOLD = (700, 5, 2)
"""A connection leaves 256 KiB of TLS buffers in a cycle behind (asyncio.sslproto of CPython 3.11), which only a full
collection frees. As a rule that comes after 70,000 objects: 2,600 connections that were dropped without a word held 630 MB."""

log = structlog.get_logger()


class _Uvicorn(uvicorn.Server):
    """Uvicorn with a limit for the TLS handshake, and without its signal handlers.

    It would raise the signal again after it ended, before we cleaned up; and a handshake may last a minute with it.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the doorways."""
        config, state, loop = self.config, self.server_state, asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                lambda: Connection(config, state, {}, loop),
                sock=doorway,
                ssl=config.ssl,
                ssl_handshake_timeout=Connection.patience.head_s,
                backlog=config.backlog,
            )
            for doorway in sockets or []
        ]
        self.started = True


def reception_of(settings: Settings, keys: ServerKeys, ledger: Ledger) -> Reception:
    """The parts of the intake, connected; `close` its forwarding and the ledger afterwards."""
    tokens = Tokens(derived_key(keys.data_key, "intake tokens"))
    return Reception(
        ledger,
        Enrolment(ledger, tokens),
        Forwarding(settings.intake_pull_endpoint, keys.curve_public, intake_keys(keys.data_key)),
        DispatchWatch(ledger),
        PhotoStore(ledger, settings.attachments),
        PullDoor(settings.intake_pull_endpoint, keys.curve_public.decode()),
    )


def main(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; writes `ready` to standard output once the port is open."""
    asyncio.run(serve(settings))


async def serve(settings: Settings, patience: Patience | None = None, connections_of_one: int = CONNECTIONS_OF_ONE) -> None:
    """The same inside an event loop; how long and how much one sender may take can be given."""
    _allow_files(CONNECTIONS + OTHER_FILES)
    Connection.patience = patience or Patience()
    keys = ensure_keys(settings.keys, settings.intake_http_host)
    ledger = Ledger(settings.database_url(), keys.data_key)
    reception = reception_of(settings, keys, ledger)
    server = _Uvicorn(_configured(settings, keys, reception))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    gc.freeze()  # what stands by now stays, so that a full collection is quick
    gc.set_threshold(*GARBAGE_THRESHOLD)
    try:
        proxies = [each.strip() for each in settings.intake_proxies.split(",") if each.strip()]
        doorway = Doorway(
            settings.intake_http_host, settings.intake_http_port, most_of_one=connections_of_one, unlimited=proxies
        )
        with contextlib.closing(doorway):
            telling = asyncio.create_task(_tell(server, reception, doorway))
            try:
                await server.serve([doorway])
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)
    finally:
        reception.forwarding.close()
        ledger.close()


def _configured(settings: Settings, keys: ServerKeys, reception: Reception) -> uvicorn.Config:
    """TLS on the configured address; no access log, for its lines would hold secrets and tickets."""
    return uvicorn.Config(
        application(reception),
        http=Connection,
        ssl_certfile=str(keys.tls_certificate),
        ssl_keyfile=str(keys.tls_key),
        access_log=False,
        proxy_headers=bool(settings.intake_proxies),
        forwarded_allow_ips=settings.intake_proxies,
        log_level="warning",
        server_header=False,
        lifespan="off",
        limit_concurrency=CONNECTIONS + 1,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=ENDING_S,
        h11_max_incomplete_event_size=32_768,
        ws="none",
    )


def _allow_files(most: int) -> None:
    """So many files may be open at once, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _tell(server: uvicorn.Server, reception: Reception, doorway: Doorway) -> None:
    """Say that the port is open; then once a minute what was counted, and nothing about anybody."""
    while not server.started:
        await asyncio.sleep(0.02)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        await asyncio.sleep(TELL_EVERY_S)
        told = reception.told(doorway.turned_away)
        doorway.turned_away = 0
        if told:
            log.info("intake", **told)
