"""`./gridwarden audit tracks`: who looked at whose track, of which period, when and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.ledger.ledger import Ledger

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LOOKED = (
    "SELECT t.at, s.name, p.title, p.role, w.name, x.number, t.since, t.until, t.reason, t.staff = t.worker "
    "FROM track_access t JOIN staff s ON s.id = t.staff JOIN post p ON p.id = t.post JOIN staff w ON w.id = t.worker "
    "JOIN worker x ON x.staff = t.worker WHERE t.at >= %s ORDER BY t.at, t.id"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at a track, as it was put on record before a fix was shown."""

    at: datetime
    who: str
    post: str
    role: str
    whose: str
    number: int
    since: datetime
    until: datetime
    reason: str
    is_own: bool


def looked_since(ledger: Ledger, since: datetime) -> list[Looked]:
    """Every look since a moment, the earliest first."""
    with ledger.transaction(snapshot=True) as connection:
        return [Looked(*row) for row in connection.execute(_LOOKED, (since,))]


def sentence(looked: Looked) -> str:
    """One look in Chinese and English, one line."""
    at, since, until = (
        each.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") for each in (looked.at, looked.since, looked.until)
    )
    who, whose = f"{looked.who}({looked.post})", f"{looked.whose} #{looked.number}"
    why = looked.reason or "本人 / own"
    return f"{at} {who} 查看 {whose} 的轨迹 {since} – {until}：{why} / looked at the track of {whose}"


def plain(looked: Looked) -> dict[str, object]:
    """One look for machines."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(looked).items()}
