"""Rows of who is reached by telephone: that somebody was dialled is on record before the number is handed out."""

from __future__ import annotations

from governance import dialling
from governance.roles import CENTRES, COORDINATORS, DISPATCHERS, DUTY_OFFICERS, SHIFT_LEADS
from governance.transitions.row import OPEN, Row, c

REACHING = (
    Row(
        "E71", c.Dial, OPEN, None, (DUTY_OFFICERS, SHIFT_LEADS, DISPATCHERS, COORDINATORS, CENTRES), (),
        demands=(dialling.somebody_there,), tells=("target",), adds=dialling.whom_it_dialled,
    ),
)  # fmt: skip
