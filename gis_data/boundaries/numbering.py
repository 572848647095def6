"""Numbers of grids in a community: in rows from north to south, in each from west to east."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def in_reading_order(centres: npt.ArrayLike, tall_m: float) -> list[int]:
    """Positions of areas float64[n, 2] (east, north in metres) in the order they are numbered; an area is some `tall_m` high.

    A row begins with the northernmost area left and takes in all whose centre lies within half a height below it, so that areas
    beside each other stay in one row wherever the rows of a lattice would run.
    """
    xy = np.asarray(centres, float).reshape(-1, 2)
    left = np.argsort(-xy[:, 1], kind="stable").tolist()
    order: list[int] = []
    while left:
        top = xy[left[0], 1]
        row = [k for k in left if top - xy[k, 1] < tall_m / 2]
        order += sorted(row, key=lambda k: (xy[k, 0], -xy[k, 1]))
        taken = set(row)
        left = [k for k in left if k not in taken]
    return order


def numbered(prefix: str, order: Sequence[int], digits: int = 3) -> list[str]:
    """The code of each area, by position, once they are numbered from 1 in an order; raises ValueError where digits run out."""
    if len(order) >= 10**digits:
        raise ValueError(f"{len(order)} areas do not fit {digits} digits")
    codes = [""] * len(order)
    for number, k in enumerate(order, start=1):
        codes[k] = f"{prefix}{number:0{digits}}"
    return codes
