"""Answers what desks ask about indicators: within the area of the post, kept for a minute, exports on record. One thread."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from governance.indicators import (
    SEES_WORKERS,
    Boundaries,
    Figure,
    Indicator,
    Month,
    require_exporter,
    require_freezer,
    require_viewer,
)
from governance.places import Level
from governance.refusal import Refused
from governance.roles import level_of_scope
from server import sessions
from server.indicators import areas, exports, machine, periods
from server.indicators.computing import Value, compute, compute_and_draw, compute_of_workers, definitions, draw, shown
from server.indicators.families import OF_A_WORKER
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from wire.indicator_requests import (
    Bar,
    ExportIndicators,
    FreezeIndicators,
    IndicatorReply,
    IndicatorsAre,
    PeriodIs,
    PublishIndicators,
    ReadIndicators,
    Signed,
)

Now = Callable[[], datetime]
Chosen = tuple[Month, str, Boundaries, str]
"""Month, area, boundaries, by."""
KEPT_S, KEPT_AT_MOST = 60.0, 64
PATIENCE = "SET LOCAL statement_timeout = '45s'"
BY = frozenset({"area", "unit", "worker"})


class IndicatorCounter:
    """The part of the service window where indicators are asked for."""

    def __init__(
        self, ledger: Ledger, now: Now = lambda: datetime.now(UTC), clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` tells the time, aware, UTC; `clock` seconds that only grow."""
        self._ledger, self._now, self._clock = ledger, now, clock
        self._kept: OrderedDict[Chosen, tuple[float, IndicatorsAre]] = OrderedDict()
        self.table: dict[type, Callable[[Session, Any], IndicatorReply]] = {
            ReadIndicators: self._read,
            ExportIndicators: self._export,
            FreezeIndicators: lambda s, r: self._signed(s, r, periods.freeze),
            PublishIndicators: lambda s, r: self._signed(s, r, periods.publish),
        }

    def _read(self, session: Session, request: ReadIndicators) -> IndicatorsAre:
        """The figures, as they were computed within the last minute."""
        return _with(self._found(session, request), n=request.n)

    def _export(self, session: Session, request: ExportIndicators) -> IndicatorsAre:
        """The same, when it stands in the log of exports."""
        found, officer, number = self._found(session, request), session.officer, uuid4()
        require_exporter(officer, len(found.figures))
        told = {"month": found.month, "area": found.area, "boundaries": found.boundaries.value, "by": found.by}
        now = self._now()
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            exports.record(connection, number, now, officer, "", len(found.figures), told)
        return _with(found, n=request.n, export=number)

    def _signed(self, session: Session, request: FreezeIndicators | PublishIndicators, act: Callable[..., object]) -> PeriodIs:
        """The month is frozen or published, for good; nothing that was computed before is shown for it any more."""
        month, now = Month.of(request.month), self._now()
        require_freezer(session.officer)

        def permit(connection: Connection) -> None:
            sessions.require_live(connection, session.id, now)

        act(self._ledger, month, session.officer, machine.user(), now, permit)
        for chosen in [each for each in self._kept if each[0] == month]:
            del self._kept[chosen]
        with self._ledger.transaction() as connection:
            period, signed = periods.find(connection, month), periods.signatures(connection, month)
        assert period is not None, "it was just frozen or published"
        assert signed is not None, "it was just frozen or published"
        return PeriodIs(request.n, str(month), period.state, Signed(*signed))

    def _found(self, session: Session, request: ReadIndicators | ExportIndicators) -> IndicatorsAre:
        """What was asked for, where it may be; computed where it was not lately."""
        month, area = Month.of(request.month), request.area or session.officer.scope
        require_viewer(session.officer, area)
        now = self._now()
        if request.by not in BY:
            raise Refused("bad_value", "by")
        if request.by == "worker" and session.officer.role not in SEES_WORKERS:
            raise Refused("not_your_role", "by", role=session.officer.role.value)
        if month > Month.at(now):
            raise Refused("month_to_come", "month", month=str(month))
        chosen = (month, area, request.boundaries, request.by)
        kept = self._kept.get(chosen)
        if kept is not None and kept[0] > self._clock() - KEPT_S:
            return kept[1]
        try:
            with self._ledger.transaction(snapshot=True) as connection:
                connection.execute(PATIENCE)
                found = _answer(connection, chosen, now)
        except psycopg.errors.QueryCanceled as problem:
            raise Refused("took_too_long", "month") from problem
        self._kept[chosen] = (self._clock(), found)
        while len(self._kept) > KEPT_AT_MOST:
            self._kept.popitem(last=False)
        return found


def _answer(connection: Connection, chosen: Chosen, now: datetime) -> IndicatorsAre:
    """Everything a desk shows of a month, in one read."""
    month, area, boundaries, by = chosen
    names, wanted, period = areas.names(connection, month, now), definitions(connection, month), periods.find(connection, month)
    if area not in names:
        raise Refused("no_such_area", "area", area=area)
    cut = period.frozen_at if period else now
    digits = (len(area), len(area) + 3)
    if _stands(chosen, period is not None):
        values, drawn = (
            periods.frozen_values(connection, month, boundaries),
            draw(connection, month, cut, boundaries, area, digits),
        )
    else:
        values, drawn = compute_and_draw(connection, month, cut, boundaries, area, digits)
    compared = wanted
    if by == "worker":
        values = (*_of_area(values, area), *compute_of_workers(connection, month, cut, boundaries, area, digits))
        names |= areas.names_of_workers(connection, {each.subject for each in values} - {area})
        compared = tuple(each for each in wanted if each.formula in OF_A_WORKER)
    others = _others(values, area, by, digits[1], names)
    figures = [*shown(values, wanted, area)]
    figures += [figure for subject in others for figure in shown(values, compared, subject)]
    return IndicatorsAre(
        0,
        str(month),
        area,
        boundaries,
        by,
        period.state if period else "open",
        cut,
        wanted,
        tuple(figures),
        {code: name for code, name in names.items() if _may_choose(code, area)}
        | {each: names.get(each, each) for each in others},
        _trend(drawn["trend"], month, cut),
        tuple(Bar(key, counts) for key, counts in sorted(drawn["category"].items())),
        tuple(Bar(key, drawn["ageing"].get(key, (0,))) for key in ("1", "3", "7", "30", "more")),
        _later(connection, chosen, now, wanted, values) if period else (),
        signed=Signed(*signed) if (signed := periods.signatures(connection, month)) else None,
    )


def _stands(chosen: Chosen, is_frozen: bool) -> bool:
    """Whether all that is shown is frozen. A unit's figures are frozen for the whole district only."""
    level = level_of_scope(chosen[1])
    return is_frozen and (level is Level.DISTRICT if chosen[3] == "unit" else level >= Level.STREET)


def _of_area(values: tuple[Value, ...], area: str) -> tuple[Value, ...]:
    """What the area itself comes to."""
    return tuple(each for each in values if each.subject == area)


def _others(values: tuple[Value, ...], area: str, by: str, digits: int, names: dict[str, str]) -> list[str]:
    """The areas one level below which are there, or the units or workers of which anything is known."""
    found = {each.subject for each in values}
    if by != "area":
        return sorted((each for each in found if not each.isdigit()), key=lambda each: names.get(each, each))
    here = {code for code in found | names.keys() if code.isdigit() and code.startswith(area) and len(code) == digits}
    return sorted(here)


def _may_choose(code: str, area: str) -> bool:
    """Whether an area can be chosen next: itself, those above and below it, down to the community."""
    return code.isdigit() and len(code) <= 12 and (code.startswith(area) or area.startswith(code))


def _trend(counts: dict[str, tuple[int, ...]], month: Month, cut: datetime) -> tuple[Bar, ...]:
    """Every day of the month that has begun, also those on which nothing happened."""
    last = min(cut, month.end - timedelta(seconds=1)).astimezone(month.start.tzinfo).date()
    days = [month.first + timedelta(days=n) for n in range((last - month.first).days + 1)]
    return tuple(Bar(day.isoformat(), counts.get(day.isoformat(), (0, 0, 0))) for day in days)


def _later(
    connection: Connection, chosen: Chosen, now: datetime, wanted: tuple[Indicator, ...], values: tuple[Value, ...]
) -> tuple[Figure, ...]:
    """The figures of the area that would be others by today's ledger."""
    month, area, boundaries, _ = chosen
    today = compute(connection, month, now, boundaries, area, (len(area),))
    frozen = {each.code: each for each in shown(values, wanted, area)}
    return tuple(each for each in shown(today, wanted, area) if each != frozen[each.code])


def _with(found: IndicatorsAre, n: int, export: UUID | None = None) -> IndicatorsAre:
    """The reply under the number of a request."""
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    return IndicatorsAre(**(fields | {"n": n, "export": export}))
