"""Who watched which camera, when and why: asked for by those who check, and that they asked is on record too."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from governance.deadline import CHINA
from server.ledger.ledger import Connection

MOST = 10_000
_WATCHED = (
    "SELECT v.at, v.camera, c.name, s.name, p.title, coalesce(u.name, ''), v.action, v.reason, coalesce(i.number, ''), "
    "v.share_level, v.expires_at FROM video_session v JOIN camera c ON c.id = v.camera JOIN staff s ON s.id = v.staff "
    "JOIN post p ON p.id = v.post LEFT JOIN unit u ON u.id = p.unit LEFT JOIN incident i ON i.id = v.incident "
    "WHERE (%(camera)s = '' OR v.camera = %(camera)s) AND (%(staff)s = '' OR s.name = %(staff)s OR EXISTS (SELECT FROM "
    "account a WHERE a.staff = s.id AND a.login = %(staff)s)) AND v.at >= %(since)s AND v.at < %(until)s "
    "ORDER BY v.at DESC, v.id LIMIT %(most)s"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; an empty text leaves it open."""

    camera: str
    staff: str
    """A name or a login."""
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """One opening or turning of a camera."""

    at: datetime
    camera: str
    camera_name: str
    who: str
    post: str
    unit: str
    action: str
    reason: str
    incident: str
    share_level: int
    expires_at: datetime


def watched(connection: Connection, asked: Asked) -> list[Watched]:
    """What fits, the newest first, MOST at most."""
    wanted = asdict(asked) | {"most": MOST}
    return [Watched(*row) for row in connection.execute(_WATCHED, wanted)]


def sentence(each: Watched, action: str) -> str:
    """One of them on a line; `action` in the reader's language."""
    at = f"{each.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    why = f"{each.reason} {each.incident}".strip()
    return (
        f"{at}  {each.camera}  {each.camera_name}  {action}  {each.who} ({each.post}, {each.unit})  L{each.share_level}  {why}"
    )
