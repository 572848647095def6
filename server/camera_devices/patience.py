"""What goes wrong with a device, and how long anybody waits for one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

ANSWER_S = 4.0
"""All that is asked of a device for one address or one movement takes no longer, whatever it sends meanwhile."""


class DeviceFailed(Exception):
    """A device did not do what it was asked; `code` is a reason for the officer, `why` a word for the log, without secrets."""

    def __init__(self, code: str, why: str = "") -> None:
        """Codes: device_away, device_silent, device_refused, device_untrusted, device_wrong, device_cannot."""
        super().__init__(code, why)
        self.code, self.why = code, why


def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What comes of it, on a loop of its own; DeviceFailed('device_silent') where it takes longer. Not on a loop's thread."""
    return asyncio.run(in_time(seconds, work))


async def in_time(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The same on a loop."""
    try:
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        raise DeviceFailed("device_silent", f"{seconds:g} s") from None
