"""Walls whose holders are gone are freed, as long as the desk process serves."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import UTC, datetime

import psycopg
import structlog

from server.walls.leases import Leases

EVERY_S = 2.0

log = structlog.get_logger()


async def free_walls(leases: Leases, reader: Executor, wake: asyncio.Event) -> None:
    """Look every two seconds; `wake` says that the feed has something to publish."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            freed = await asyncio.get_running_loop().run_in_executor(reader, leases.lapse, datetime.now(UTC))
        except psycopg.Error as problem:
            log.warning("leases of walls unread", problem=str(problem)[:200])
            continue
        if freed:
            log.info("walls are free again", walls=[each.wall.code for each in freed])
            wake.set()
