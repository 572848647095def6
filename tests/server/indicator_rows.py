"""Many incidents at once, as the ledger would have written them: rows by COPY, without the triggers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import psycopg
import shapely

from governance.deadline import CHINA
from server.ledger.copying import copy_rows
from server.ledger.step_chain import WHOLE_BYTES
from server.private_postgis import SUPERUSER

from .conftest import District, middle

SPACE = UUID("5f3b0d0e-6a52-4f0e-9f62-0f2f2f7f9b14")
GRIDS = tuple(f"99000100{s}00{c}00{g}" for s in (1, 2) for c in (1, 2) for g in (1, 2))
_NUMBERS = count(1)


def at(text: str) -> datetime:
    """A moment of Shanghai: 2026-10-03 08:30."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NINE, TEN, DUE = at("2026-10-10 09:00"), at("2026-10-10 10:00"), at("2026-10-15 10:00")


@dataclass(frozen=True)
class Made:
    """One incident in its present cycle, and the cycles before; what is not said follows from what is."""

    reported_at: datetime = NINE
    filed_at: datetime | None = TEN
    deadline: datetime | None = DUE
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    state: str = ""
    close_type: str | None = None
    overdue: bool = False
    used_s: float = 3600.0
    limit_s: float = 432_000.0
    grid: str = GRIDS[0]
    category: str = "03.01"
    nature: str = "regulation"
    magnitude: str = "minor"
    urgency: int = 0
    discovery: str = "passive"
    level: int = 2
    returns: int = 0
    extended: int = 0
    suspended_until: datetime | None = None
    merged_into: UUID | None = None
    reports: int = 1
    satisfaction: int | None = None
    before: tuple[Made, ...] = ()
    """Earlier cycles, the first one first; of each only what a cycle keeps."""
    id: UUID = field(default_factory=lambda: uuid5(SPACE, str(next(_NUMBERS))))

    @property
    def stands(self) -> str:
        """Its state, where nothing says another."""
        if self.state:
            return self.state
        ended = "closed" if self.closed_at else "resolved" if self.completed_at else "filed"
        return "suspended" if self.suspended_until else ended if self.filed_at else "reported"


def closed(**more: Any) -> Made:
    """One that was done and closed, in time unless told otherwise."""
    done = at("2026-10-12 10:00")
    values: dict[str, Any] = {"completed_at": done, "closed_at": done + timedelta(hours=2), "close_type": "normal"}
    return replace(Made(), id=uuid5(SPACE, str(next(_NUMBERS))), **(values | more))


def many(so_many: int, made: Made) -> list[Made]:
    """The same so many times."""
    return [replace(made, id=uuid5(SPACE, str(next(_NUMBERS)))) for _ in range(so_many)]


def load(district: District, cases: Iterable[Made]) -> None:
    """The rows stand in the ledger; everything that happened to a case happened by the latest of its moments."""
    made = list(cases)
    with psycopg.connect(**district.settings.connect_arguments(SUPERUSER)) as connection:
        connection.execute("SET session_replication_role = replica")
        lead = {worker.grid: worker for worker in reversed(district.workers)}
        for table, rows in _rows(made, lead).items():
            if rows:
                copy_rows(connection, table, ", ".join(rows[0]), (tuple(row.values()) for row in rows))
        connection.execute("ANALYZE")


def _rows(made: Sequence[Made], lead: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows by table."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in ("incident", "report", "incident_transition", "assignment", "incident_cycle", "cycle_frame", "feedback")
    }
    points = {grid: _point(n) for n, grid in enumerate(GRIDS)}
    for number, case in enumerate(made):
        worker = lead[case.grid]
        rows["incident"].append(_incident(case, number, points[case.grid]))
        rows["incident_transition"] += _steps(case)
        rows["report"] += [_report(case, n) for n in range(case.reports)]
        for cycle, each in enumerate((*case.before, case), 1):
            if each.completed_at and each.filed_at:
                rows["assignment"].append(_order(case, each, cycle, worker))
        for n, over in enumerate(case.before):
            rows["incident_cycle"].append(_cycle(case, over, n, worker.unit))
            rows["cycle_frame"].append(_frame(case, over, n + 1, points[over.grid]))
        if case.closed_at:
            rows["feedback"].append(_echo(case))
    return rows


def _point(grid: int) -> str:
    place = middle(grid)
    return str(shapely.to_wkb(shapely.set_srid(shapely.Point(place.lon, place.lat), 4490), hex=True, include_srid=True))


def _incident(case: Made, number: int, point: str) -> dict[str, Any]:
    moments = (case.reported_at, case.filed_at, case.completed_at, case.closed_at)
    suspended = case.stands == "suspended"
    return {
        "id": case.id, "number": f"T-{case.id.hex[:12]}-{number}", "state": case.stands, "title": "t", "text": "t",
        "place": point, "place_text": "", "grid": case.grid, "category": case.category if case.filed_at else "",
        "reported_at": case.reported_at, "urgency": case.urgency, "severity": 0, "magnitude": case.magnitude,
        "nature": case.nature, "discovery": case.discovery, "mode": "normal", "floor": "", "confidentiality": 0,
        "handling_level": 2, "oversight_level": 4, "origin_worker_name": "", "cycle": len(case.before) + 1,
        "filed_at": case.filed_at, "deadline": case.deadline if case.filed_at else None, "completed_at": case.completed_at,
        "limit_s": case.limit_s, "used_s": case.used_s, "overdue": case.overdue, "rework_count": 0,
        "return_count": case.returns, "recall_count": 0, "reopen_count": len(case.before), "suspend_count": 0,
        "decline_count": 0, "extended": case.extended, "merged_count": 0, "highest_level": case.level, "no_return": False,
        "backfill_owed": False, "suspended_from": "handling" if suspended else None, "suspended_until": case.suspended_until,
        "suspended_kind": "suspend_defer" if suspended else "", "merged_into": case.merged_into, "supervised": False,
        "close_type": case.close_type, "closed_at": case.closed_at, "version": 1,
        "changed_at": max(moment for moment in moments if moment),
    }  # fmt: skip


def _steps(case: Made) -> list[dict[str, Any]]:
    """Reported and filed: what indicators read of the log."""
    told = [("E01", "make_report", None, "reported", case.reported_at)]
    first = (*case.before, case)[0]
    if first.filed_at:
        told.append(("E06", "file", "reported", "filed", first.filed_at))
    return [
        {
            "incident": case.id, "seq": seq, "row": row, "action": action, "from_state": source, "to_state": target,
            "actor_kind": "user", "at": moment, "actor_name": "", "reason": "", "detail": "{}", "became": "{}",
            "whole": bytes(WHOLE_BYTES), "prev_hash": bytes(32), "hash": bytes(32),
        }
        for seq, (row, action, source, target, moment) in enumerate(told, 1)
    ]  # fmt: skip


def _report(case: Made, ordinal: int) -> dict[str, Any]:
    return {
        "id": uuid5(case.id, f"report{ordinal}"), "incident": case.id, "ord": ordinal, "channel": "hotline",
        "discovery": case.discovery, "received_at": case.reported_at, "text": "t", "place_text": "", "accuracy_m": 0.0,
        "reporter_kind": "citizen", "anonymous": False, "confidential": False, "camera": "", "origin": case.id,
    }  # fmt: skip


def _order(case: Made, each: Made, cycle: int, worker: Any) -> dict[str, Any]:
    assert each.filed_at is not None
    sent = each.filed_at + timedelta(minutes=6)
    return {
        "id": uuid5(case.id, f"assignment{cycle}"), "incident": case.id, "ord": cycle - 1, "cycle": cycle, "role": "lead",
        "worker": worker.id, "worker_name": worker.name, "unit": worker.unit, "state": "done", "order_text": "",
        "sent_at": sent, "off_rule_reason": "", "acked_at": sent + timedelta(minutes=3),
        "accepted_at": sent + timedelta(minutes=4), "arrived_at": sent + timedelta(minutes=30),
        "done_at": each.completed_at, "ended_reason": "", "result_text": "", "reminders": 0,
    }  # fmt: skip


def _cycle(case: Made, over: Made, ordinal: int, unit: UUID) -> dict[str, Any]:
    following = (*case.before, case)[ordinal + 1]
    return {
        "incident": case.id, "ord": ordinal, "cycle": ordinal + 1, "category": over.category, "handling_level": over.level,
        "filed_at": over.filed_at, "deadline": over.deadline, "completed_at": over.completed_at, "closed_at": over.closed_at,
        "ended_at": following.filed_at, "close_type": over.close_type, "limit_s": over.limit_s, "used_s": over.used_s,
        "overdue": over.overdue, "rework_count": 0, "return_count": over.returns, "recall_count": 0,
        "extended": over.extended, "lead_unit": unit,
    }  # fmt: skip


def _frame(case: Made, over: Made, cycle: int, point: str) -> dict[str, Any]:
    return {
        "incident": case.id, "cycle": cycle, "grid": over.grid, "place": point, "nature": over.nature,
        "magnitude": over.magnitude, "urgency": over.urgency, "mode": "normal",
    }  # fmt: skip


def _echo(case: Made) -> dict[str, Any]:
    assert case.closed_at is not None
    return {
        "id": uuid5(case.id, "feedback1"), "incident": case.id, "ord": 0, "cycle": len(case.before) + 1, "target": "reporter",
        "state": "sent", "report": uuid5(case.id, "report0"), "due_at": case.closed_at + timedelta(hours=24),
        "sent_at": case.closed_at + timedelta(hours=1), "text": "t", "satisfaction": case.satisfaction, "waived_reason": "",
    }  # fmt: skip
