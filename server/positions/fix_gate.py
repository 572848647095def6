"""The gate every fix passes: ordered checks, and the name of the one that stopped it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from server.positions.ground import METRES_A_DEGREE, NOWHERE, GridRows, Ground
from wire.publications import Positions


class Verdict(IntEnum):
    """Why a fix was stopped, in the order of the checks; PASSED where none did."""

    PASSED = 0
    NOT_ENROLLED = 1
    """The sending key may not speak for this worker, or there is no such worker."""
    OFF_DUTY = 2
    """Positions are kept only on shift or on a task (domain model D.2, 7)."""
    STALE = 3
    """Older than the limit, or not newer than what is known."""
    CLOCK_SKEW = 4
    """From the future: the phone's clock is wrong."""
    DATUM = 5
    """No place on earth, the null island, or longitude and latitude exchanged."""
    JUMP = 6
    """Faster than anything a worker rides."""
    OUTSIDE = 7
    """Too far outside the district."""


Verdicts = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the checks tolerate."""

    stale_s: float = 3600.0
    ahead_s: float = 30.0
    speed_m_s: float = 60.0
    slack_m: float = 150.0
    """Metres a fix may jump however short the time: two poor fixes in a row differ by that much."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the worker of each fix, row by row: the newest fix and its grid (NOWHERE: none yet)."""

    fixes: Positions
    """POSITION[k]; `at` is 0 where nothing is known."""
    grids: GridRows


def gated(
    fixes: Positions, before: Before, enrolled: Flags, on_duty: Flags, ground: Ground, limits: Limits, now: float
) -> tuple[Verdicts, GridRows]:
    """The verdict over each fix, uint8[k] of Verdict, and the grid of those that passed (else NOWHERE).

    Each worker occurs at most once in `fixes` (see `rounds`); `now` is seconds since 1970 UTC. A fix in no grid but
    near the district keeps the grid of `before`. The first check that fails names the verdict.
    """
    verdicts = sifted(fixes, before.fixes["at"], enrolled, on_duty, limits, now)
    lon, lat = fixes["lon"] * 1e-7, fixes["lat"] * 1e-7
    near = ground.is_near(lon, lat)
    _stop(verdicts, _wrong_datum(lon, lat, near, ground), Verdict.DATUM)
    _stop(verdicts, _jumped(fixes, before.fixes, limits), Verdict.JUMP)
    _stop(verdicts, ~near, Verdict.OUTSIDE)
    grids = np.full(len(fixes), NOWHERE, np.int32)
    passed = np.flatnonzero(verdicts == Verdict.PASSED)
    if len(passed):
        known = before.grids[passed]
        here = ground.located(lon[passed], lat[passed], known)
        grids[passed] = np.where(here == NOWHERE, known, here)
    return verdicts, grids


def sifted(
    fixes: Positions, newest_at: npt.NDArray[np.uint32], enrolled: Flags, on_duty: Flags, limits: Limits, now: float
) -> Verdicts:
    """The verdict of the first four checks, uint8[k] of Verdict; a worker may occur any number of times.

    `newest_at` is when the newest fix known of the worker of each was taken (0: none). Who is stopped here would be
    stopped in every later round too, so a batch is sifted before it is sorted into rounds.
    """
    verdicts = np.zeros(len(fixes), np.uint8)
    at = fixes["at"].astype(np.int64)
    _stop(verdicts, ~enrolled, Verdict.NOT_ENROLLED)
    _stop(verdicts, ~on_duty, Verdict.OFF_DUTY)
    _stop(verdicts, (at < now - limits.stale_s) | (at <= newest_at), Verdict.STALE)
    _stop(verdicts, at > now + limits.ahead_s, Verdict.CLOCK_SKEW)
    return verdicts


def rounds(workers: npt.NDArray[np.uint32], at: npt.NDArray[np.uint32]) -> list[npt.NDArray[np.intp]]:
    """Rows of a batch in rounds: each worker at most once in a round, older fixes in earlier rounds."""
    if not len(workers):
        return []
    order = np.lexsort((at, workers))
    place = _places(workers[order])
    by_turn = np.argsort(place, kind="stable")
    return np.split(order[by_turn], np.cumsum(np.bincount(place))[:-1])


def newest_of_each(fixes: Positions, most: int) -> Positions:
    """The fixes without those of a worker beyond his `most` newest."""
    order = np.lexsort((fixes["at"], fixes["worker"]))[::-1]
    return fixes[order[_places(fixes["worker"][order]) < most]]


def _places(workers: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    """Of each row of a sorted column how many rows of the same worker come before it."""
    first = np.flatnonzero(np.r_[True, np.diff(workers.astype(np.int64)) != 0][: len(workers)])
    return np.arange(len(workers)) - np.repeat(first, np.diff(np.r_[first, len(workers)]))


def _stop(verdicts: Verdicts, stopped: Flags, verdict: Verdict) -> None:
    """Give the verdict to those the check stops, unless an earlier check did."""
    verdicts[stopped & (verdicts == Verdict.PASSED)] = verdict


def _wrong_datum(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], near: Flags, ground: Ground) -> Flags:
    """Impossible degrees, 0/0, or a place that lies in the district only when its axes are exchanged."""
    wrong: Flags = (np.abs(lon) > 180.0) | (np.abs(lat) > 90.0) | ((lon == 0.0) & (lat == 0.0))
    away = np.flatnonzero(~near & ~wrong)
    if len(away):
        wrong[away] = ground.is_near(lat[away], lon[away])
    return wrong


def _jumped(fixes: Positions, before: Positions, limits: Limits) -> Flags:
    """Whether the way since the last fix is longer than the time allows."""
    known = before["at"] > 0
    elapsed_s = fixes["at"].astype(np.float64) - before["at"]
    squeeze = np.cos(np.radians(fixes["lat"] * 1e-7))
    east = (fixes["lon"].astype(np.float64) - before["lon"]) * 1e-7 * squeeze
    north = (fixes["lat"].astype(np.float64) - before["lat"]) * 1e-7
    way_m = np.hypot(east, north) * METRES_A_DEGREE
    blur_m = (fixes["accuracy"].astype(np.float64) + before["accuracy"]) * 0.1
    jumped: Flags = known & (way_m > limits.slack_m + np.minimum(blur_m, 1000.0) + elapsed_s * limits.speed_m_s)
    return jumped
