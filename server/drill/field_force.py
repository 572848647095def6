"""The field force: everybody walks, phones tell where they are, the gateway wakes whoever was sent somewhere."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Mapping

import numpy as np
import numpy.typing as npt
import structlog
import zmq

from gis_data.town.network import RoadNetwork
from governance.places import LonLat
from server.drill.credentials import Credentials, Phone
from server.drill.errand import Errand, Legs
from server.drill.glance import Glance
from server.drill.phone_line import Answer, Line
from server.drill.temper import WALK_M_S, Temper
from server.drill.walkers import Walkers
from wire.codec import encode_positions
from wire.publications import POSITION, Positions

STEP_S = 0.25
BEAT_S = (5.0, 10.0)
"""Seconds between two fixes of a phone; each phone keeps its own beat."""
OSMAND_PHONES = 6
"""Phones that run OsmAnd and speak HTTPS; the others' fixes come packed through the provider's gateway."""
DARK_EVERY_S = 90.0
"""Somebody's phone goes dark this often, for some minutes."""
DARK_S = (60.0, 300.0)
NOTICE_WAIT_S = 25

log = structlog.get_logger()


class FieldForce:
    """All workers of the drill; row i is phone i of the credentials. Event loop only."""

    def __init__(self, line: Line, credentials: Credentials, walkers: Walkers, network: RoadNetwork, temper: Temper) -> None:
        """Nobody has sent anything yet."""
        count = len(credentials.phones)
        self._line = line
        self._known = credentials
        self._walkers = walkers
        self._network = network
        self._temper = temper
        self._rng = np.random.default_rng([temper.seed, 7])
        self._beat = self._rng.uniform(*BEAT_S, count)
        self._due = time.monotonic() + self._rng.uniform(0, 1, count) * self._beat
        self._dark_until = np.zeros(count)
        self._next_dark = time.monotonic() + DARK_EVERY_S
        self._battery = self._rng.uniform(45, 100, count)
        self._numbers = np.array([phone.number for phone in credentials.phones], np.uint32)
        self._by_osmand = np.arange(count) < min(OSMAND_PHONES, count // 2)
        self._row_of = {phone.number: row for row, phone in enumerate(credentials.phones)}
        self._arrivals: dict[int, asyncio.Future[None]] = {}
        self._turns: dict[int, asyncio.Lock] = {}
        self._homeward: dict[int, asyncio.Task[None]] = {}
        self._errands: dict[str, asyncio.Task[None]] = {}
        self._had: Counter[int] = Counter()
        """Orders each row was given since the drill began."""
        self._sending: set[asyncio.Task[None]] = set()
        self._context: zmq.Context[zmq.Socket[bytes]]
        self._push: zmq.Socket[bytes] | None = None
        self.counted: Counter[str] = Counter()

    async def run(self) -> None:
        """Walk, tell and obey until cancelled."""
        self._context = zmq.Context()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._walk())
                group.create_task(self._listen())
                group.create_task(self._open_door())
        finally:
            for task in (*self._errands.values(), *self._homeward.values(), *self._sending):
                task.cancel()
            if self._push is not None:
                self._push.close()
            self._context.term()

    def is_free(self, row: int) -> bool:
        """Whether nobody sent this worker anywhere, and he is on his way back from nowhere."""
        turn, way_home = self._turns.get(row), self._homeward.get(row)
        return not (turn and turn.locked()) and (way_home is None or way_home.done())

    def nearest(self, lonlat: npt.NDArray[np.float64]) -> Phone:
        """The phone of the worker nearest to a place."""
        rows = np.arange(len(self._numbers))
        away = np.abs(self._walkers.lonlat(rows) - lonlat).sum(axis=1)
        return self._known.phones[int(away.argmin())]

    def fixes(self, rows: npt.NDArray[np.int64], at: float) -> Positions:
        """What the phones of these rows say of where they are."""
        xy, heading, speed = self._walkers.positions(rows)
        lonlat = self._walkers.lonlat_of(xy)
        fixes = np.zeros(len(rows), POSITION)
        fixes["worker"], fixes["at"] = self._numbers[rows], int(at)
        fixes["lon"], fixes["lat"] = np.rint(lonlat * 1e7).astype(np.int64).T
        fixes["speed"] = np.minimum(speed * 100, 65_535).astype(np.uint16)
        fixes["heading"] = (heading * 100).astype(np.uint16)
        fixes["accuracy"] = self._rng.integers(30, 150, len(rows))
        fixes["battery"] = self._battery[rows].astype(np.uint8)
        return fixes

    async def _walk(self) -> None:
        """Four steps a second; after each, whoever's beat is due tells where he is."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(STEP_S)
            now = time.monotonic()
            for row in self._walkers.step(now - before, now):
                arrival = self._arrivals.pop(row, None)
                if arrival is not None and not arrival.done():
                    arrival.set_result(None)
            before = now
            self._some_go_dark(now)
            due = np.flatnonzero(self._due <= now)
            self._due[due] = np.maximum(self._due[due] + self._beat[due], now)
            self._battery[due] = np.where(self._battery[due] < 20, 100, self._battery[due] - 0.002)
            self._tell(due[self._dark_until[due] <= now])

    def _tell(self, rows: npt.NDArray[np.int64]) -> None:
        """Packed fixes through the gateway; a few phones speak OsmAnd themselves."""
        packed = rows[~self._by_osmand[rows]]
        if len(packed) and self._push is not None:
            try:
                self._push.send(encode_positions(self.fixes(packed, time.time())), zmq.NOBLOCK)
                self.counted["packed"] += len(packed)
            except zmq.Again:
                self.counted["unsent"] += len(packed)
        for row in rows[self._by_osmand[rows]].tolist():
            task = asyncio.create_task(self._tell_by_osmand(row))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _tell_by_osmand(self, row: int) -> None:
        """One fix as OsmAnd's live tracking writes it."""
        (fix,) = self.fixes(np.array([row]), time.time())
        phone = self._known.phones[row]
        query = {
            "id": phone.device,
            "secret": phone.secret,
            "lat": int(fix["lat"]) / 1e7,
            "lon": int(fix["lon"]) / 1e7,
            "timestamp": int(time.time() * 1000),
            "speed": int(fix["speed"]) / 100,
            "bearing": int(fix["heading"]) / 100,
            "altitude": 8,
            "accuracy": int(fix["accuracy"]) / 10,
            "batt": int(fix["battery"]),
        }
        answer = await self._line.ask("GET", "/v1/osmand", params=query)
        self.counted["osmand" if answer.is_done else f"osmand refused {answer.status}"] += 1

    def _some_go_dark(self, now: float) -> None:
        """Now and then a phone falls silent for some minutes."""
        if now >= self._next_dark and not self._temper.eager:
            self._next_dark = now + self._rng.exponential(DARK_EVERY_S)
            self._dark_until[self._rng.integers(len(self._due))] = now + self._rng.uniform(*DARK_S)

    async def _open_door(self) -> None:
        """Enrol the gateway's key and connect; again with a new key where the door refused it."""
        while True:
            keys = zmq.curve_keypair()
            answer = await self._gateway("POST", "/v1/sender-key", json={"public_key": keys[0].decode()})
            if not answer.is_done:
                log.info("drill_gateway_refused", status=answer.status, code=answer.body.get("code"))
                await asyncio.sleep(2)
                continue
            push = self._context.socket(zmq.PUSH)
            push.linger = 0
            push.sndhwm = 200
            push.curve_serverkey = answer.body["server_key"].encode()
            push.curve_publickey, push.curve_secretkey = keys
            refusals = push.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
            push.connect(answer.body["endpoint"])
            self._push = push
            try:
                while not refusals.poll(0):
                    await asyncio.sleep(1)
            finally:
                self._push = None
                push.disable_monitor()
                push.close()
            log.info("drill_gateway_key_refused")

    async def _listen(self) -> None:
        """The gateway hears which orders stand; each new one wakes its worker's phone."""
        mark = ""
        while True:
            answer = await self._gateway("GET", "/v1/gateway/notices", params={"mark": mark, "wait": NOTICE_WAIT_S})
            if not answer.is_done:
                await asyncio.sleep(2)
                continue
            mark = answer.body["mark"]
            self.stop({order["assignment"] for order in answer.body["stopped"]})
            orders = {order["assignment"]: order["worker"] for order in answer.body["orders"]}
            self.heed(orders, {check["check"]: check["worker"] for check in answer.body["checks"]})

    def stop(self, stopped: Collection[str]) -> None:
        """Whoever is under way for an order that was called off turns back."""
        for order in stopped:
            errand = self._errands.get(order)
            if errand is not None and not errand.done():
                errand.cancel()
                self.counted["errand stopped"] += 1

    def heed(self, standing: Mapping[str, int], looks: Mapping[str, int] | None = None) -> None:
        """Begin what is new among the orders and looks that stand (worker's number by order or check); forget what is over."""
        looks = looks or {}
        known = standing.keys() | looks.keys()
        for order in [order for order, errand in self._errands.items() if errand.done() and order not in known]:
            errand = self._errands.pop(order)
            if not errand.cancelled():
                errand.result()
        self._begin(standing, self._carry_out)
        self._begin(looks, self._glance)

    def _begin(self, standing: Mapping[str, int], way: Callable[[str, int, int], Coroutine[None, None, None]]) -> None:
        """Begin what is new among what stands."""
        for order, worker in standing.items():
            row = self._row_of.get(worker)
            if row is not None and order not in self._errands:
                self._errands[order] = asyncio.create_task(way(order, row, self._had[row]))
                self._had[row] += 1

    @property
    def errands(self) -> int:
        """How many orders are remembered: those that stand, and those still carried out."""
        return len(self._errands)

    async def _glance(self, check: str, row: int, ordinal: int) -> None:
        """One look, after what the worker has in hand."""
        glance = Glance(check, ordinal, self._known.phones[row], self._line, self._legs(row), self._temper)
        async with self._turns.setdefault(row, asyncio.Lock()):
            word = await glance.run()
        self.counted[f"look {word}"] += 1

    def _legs(self, row: int) -> Legs:
        return Legs(lambda: self._where(row), lambda place, speed: self._go(row, place, speed), lambda: self._resume(row))

    async def _carry_out(self, order: str, row: int, ordinal: int) -> None:
        """One order after another per worker."""
        errand = Errand(order, ordinal, self._known.phones[row], self._line, self._legs(row), self._temper)
        turn = self._turns.setdefault(row, asyncio.Lock())
        if turn.locked():
            await errand.acknowledge()
        async with turn:
            word = await errand.run()
        self.counted[f"errand {word}"] += 1
        if not word.startswith(("done", "declined", "gone")):
            log.info("drill_errand", order=order, ended=word)

    def _where(self, row: int) -> LonLat:
        lon, lat = self._walkers.lonlat(np.array([row]))[0].tolist()
        return LonLat(lon, lat)

    async def _go(self, row: int, place: LonLat, speed_of: Callable[[float], float]) -> None:
        """Along the roads to a place."""
        homeward = self._homeward.pop(row, None)
        if homeward is not None and homeward is not asyncio.current_task():
            homeward.cancel()
        way = self._network.route(self._where(row), place)
        if len(way) < 2:
            return
        length_m = float(np.hypot(*np.diff(self._walkers.metres_of(way), axis=0).T).sum())
        self._walkers.send_off(row, way, speed_of(length_m))
        self._due[row] = time.monotonic()
        self._arrivals[row] = asyncio.get_running_loop().create_future()
        await self._arrivals[row]

    async def _resume(self, row: int) -> None:
        """Back to the own grid, and on patrol; whoever is sent elsewhere meanwhile goes there instead."""

        async def go_home() -> None:
            lon, lat = self._walkers.home(row).tolist()
            await self._go(row, LonLat(lon, lat), lambda _: max(WALK_M_S, self._temper.speed_m_s(1e9) / 2))
            self._walkers.patrol(row)

        self._homeward[row] = asyncio.create_task(go_home())

    async def _gateway(self, method: str, path: str, **content: object) -> Answer:
        return await self._line.as_device(self._known.gateway_name, self._known.gateway, "gateway", method, path, **content)
