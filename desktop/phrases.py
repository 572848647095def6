"""Sentences out of facts: times left, ages, who, steps, refusals; plain, in the officer's language."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from desktop.shortcuts import key_of
from desktop.words import Words
from governance.incident import ActorKind, Case, Step
from governance.places import Level, LonLat
from governance.refusal import Refused
from governance.rules import Rules

SAID_AS: dict[str, tuple[str, ...]] = {
    "state": ("state", "task"),
    "action": ("order", "approval"),
    "role": ("role",),
    "level": ("level",),
    "because": ("because",),
    "kind": ("approval", "emergency"),
    "grade": ("grade",),
    "severity": ("severity",),
    "why": ("file_why",),
}
"""Details of a refusal that are codes, with the prefixes their words may have."""
CHECKED = ("send_check", "check_pass", "check_fail")
FIRST = {
    "reported": ("file", "file", ("dispatch", "claim", "raise_level", "arbitrate", "direct_order", "request", *CHECKED)),
    "filed": ("dispatch", "assign", ("request", *CHECKED)),
}
"""State -> what has to be done first, the action of its key, and the orders that can be given after it."""

TITLE_LENGTH = 28
CLAUSE_ENDS = "，。；：、！？（(,;. "
SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = timezone.utc  # noqa: UP017
LANGUAGES = (Words("zh"), Words("en"))
"""Both languages, for what has to be found in either."""


def clock_text(at: datetime) -> str:
    """Hours and minutes in Shanghai, 24-hour."""
    return at.astimezone(SHANGHAI).strftime("%H:%M")


def moment_text(at: datetime, now: datetime) -> str:
    """Hours and minutes where it was today in Shanghai, the date as well where it was not."""
    there, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    return there.strftime("%H:%M") if there.date() == today.date() else there.strftime("%m-%d %H:%M")


def dated_text(at: datetime) -> str:
    """Date and time of day to the second in Shanghai: of a moment that is past."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def countdown(seconds: float) -> str:
    """1:42:10, 56:12 or 0:07; of more than two days only the days are worth reading."""
    whole = int(abs(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def span(words: Words, seconds: float, kind: str = "time") -> str:
    """A stretch of time as one reads it at a glance: 4分钟, 3小时, 4天."""
    whole = max(0, int(abs(seconds)))
    if whole >= 172_800:
        return words(f"{kind}.days", n=whole // 86_400)
    if whole >= 5_400:
        return words(f"{kind}.hours", n=round(whole / 3600))
    return words(f"{kind}.minutes", n=max(1, whole // 60))


def time_left(words: Words, seconds: float | None, overdue: bool) -> str:
    """剩56分, 超时 2小时, or 暂停 where no clock runs."""
    if seconds is None:
        return words("overdue.word") if overdue else words("paused")
    if seconds < 0:
        return words("overdue", time=span(words, seconds))
    return words("left", time=span(words, seconds, "left"))


def ago(words: Words, at: datetime, now: datetime) -> str:
    """How long ago something was: 刚刚, 4分钟, 3小时, 昨日, 6天."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return words("time.now")
    days = (now.astimezone(SHANGHAI).date() - at.astimezone(SHANGHAI).date()).days
    if days == 1 and passed > timedelta(hours=12):
        return words("time.yesterday")
    return span(words, passed.total_seconds())


def distance(words: Words, metres: float) -> str:
    """380 米 below a kilometre, 2.4 公里 above."""
    if metres < 995:
        return words("why.distance", metres=f"{round(metres / 10) * 10}")
    return words("why.far", km=f"{metres / 1000:.1f}")


def length_text(words: Words, metres: float) -> str:
    """384 米, 2.44 公里: as exact as a place on the map can be pointed at."""
    if metres < 1000:
        return words("measure.m", number=f"{metres:.1f}" if metres < 100 else f"{metres:.0f}")
    return words("measure.km", number=f"{metres / 1000:.2f}" if metres < 100_000 else f"{metres / 1000:,.0f}")


def area_text(words: Words, square_metres: float) -> str:
    """3,250 平方米（4.9 亩）; from a square kilometre on 1.24 平方公里（1,860 亩）."""
    mu = square_metres / (2000.0 / 3.0)
    said_mu = words("measure.mu", number=f"{mu:.1f}" if mu < 100 else f"{mu:,.0f}")
    if square_metres < 1_000_000:
        return words("measure.m2", number=f"{square_metres:,.0f}", mu=said_mu)
    return words("measure.km2", number=f"{square_metres / 1_000_000:,.2f}", mu=said_mu)


def category_name(words: Words, rules: Rules, code: str) -> str:
    """A category's name; 'not yet known' where none was given."""
    category = rules.categories.get(code)
    if category is None:
        return words("card.unknown_category")
    return category.name_zh if words.language == "zh" else category.name_en


def category_path(words: Words, rules: Rules, code: str) -> str:
    """Root › leaf."""
    category = rules.categories.get(code)
    if category is None or not category.parent:
        return category_name(words, rules, code)
    return f"{category_name(words, rules, category.parent)} › {category_name(words, rules, code)}"


def title_of(words: Words, rules: Rules, case: Case) -> str:
    """What an incident is called: its title, else its category, else the beginning of its text.

    A title that is the category's name, in whichever language it was filed, is said in the officer's.
    """
    incident = case.incident
    category = rules.categories.get(incident.category)
    if category is not None and incident.title in (category.name_zh, category.name_en):  # whoever filed it
        return category_name(words, rules, incident.category)
    if incident.title:
        return incident.title
    if incident.category:
        return category_name(words, rules, incident.category)
    first = incident.text.strip().splitlines()[0] if incident.text.strip() else ""
    return (f"{_beginning(first)}…" if len(first) > TITLE_LENGTH else first) or words("card.unknown_category")


def _beginning(text: str) -> str:
    """The beginning of a text that is too long for a title, cut where a clause ends rather than within a bracket or a word."""
    cut = max((text.rfind(stop, TITLE_LENGTH // 2, TITLE_LENGTH) for stop in CLAUSE_ENDS), default=-1)
    return text[:cut].rstrip() if cut > 0 else text[:TITLE_LENGTH]


def level_word(words: Words, level: Level | int) -> str:
    """网格, 社区, 街道 or 区."""
    return words(f"level.{int(level)}")


def step_line(words: Words, step: Step) -> str:
    """One step of an incident as a sentence: what, who, why."""
    keys = (f"step.{step.row}.{step.action}", f"step.{step.row}")
    key = next((key for key in keys if words.has(key)), "step.other")
    level = level_word(words, step.level_after) if step.level_after is not None else ""
    channel = step.detail.get("channel", "")
    channel = words(f"channel.{channel}") if words.has(f"channel.{channel}") else channel
    worker = step.detail.get("lead") or step.detail.get("assist", "")
    whom = f" → {worker}" if worker and worker != step.actor_name else ""
    parts = [words(key, level=level, channel=channel, action=step.action).rstrip(" ·") + whom]
    parts += step_details(words, step)
    if step.actor_kind is ActorKind.USER and step.actor_name:
        parts.append(step.actor_name)
    elif step.actor_kind is not ActorKind.USER:
        parts.append(words(f"actor.{step.actor_kind}"))
    said = step.reason or step.detail.get("text") or step.detail.get("note") or step.detail.get("reason_code", "")
    if said:
        parts.append(reason_text(words, said))
    return words("sep").join(parts)


CODE_NUMBERS = {
    "none": "0",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "notice": "1",
    "yellow": "2",
    "red": "3",
    "leader": "4",
}
"""Names of severities and grades, as the log has them, by the number their words have."""
DETAIL_WORDS = {
    "kind": ("approval", "emergency"),
    "target": ("target",),
    "severity": ("severity",),
    "urgency_before": ("urgency_before",),
    "why": ("file_why",),
    "grade": ("grade",),
    "result": ("verified",),
    "overtaken": ("overtaken",),
    "state": ("echo.state",),
    "to": ("urged",),
}
"""Details of a step that are codes, with the prefixes their words have."""
DETAILS_SAID = (
    *("to", "leaders", "kind", "target", "severity", "grade", "result", "state"),
    *("person", "receipt", "with", "number", "value", "urgency_before", "overtaken"),
)


def step_details(words: Words, step: Step) -> list[str]:
    """What a step tells beside who and why: of which kind, to whom outside, how grave, with which incidents."""
    said = []
    for name in DETAILS_SAID:
        value = step.detail.get(name, "")
        if name == "severity" and step.row != "E50":
            continue
        if name in ("severity", "grade"):
            value = CODE_NUMBERS.get(value, value)
        known = next((f"{each}.{value}" for each in DETAIL_WORDS.get(name, ()) if words.has(f"{each}.{value}")), "")
        if value:
            said.append(words(known) if known else value)
    return said


def reason_text(words: Words, reason: str) -> str:
    """A reason in words: codes the desk knows are translated, anything else is what somebody wrote."""
    for prefix in ("decline", "reject"):
        if words.has(f"{prefix}.{reason}"):
            return words(f"{prefix}.{reason}")
    return reason


def key_tip(words: Words, action: str) -> str:
    """What a button does, with its key."""
    return words("tip.key", what=words(f"action.{action}"), key=key_of(action))


def refusal_sentence(words: Words, refused: Refused) -> str:
    """What was refused and what to do about it, in the officer's language."""
    key = f"refused.{refused.code}"
    details: dict[str, object] = dict(refused.details)
    for name, prefixes in SAID_AS.items():
        value = str(details.get(name, ""))
        known = next((f"{each}.{value}" for each in prefixes if words.has(f"{each}.{value}")), "")
        if known:
            details[name] = words(known, **refused.details)
    details.setdefault("about", refused.about)
    first, action, after = FIRST.get(str(refused.details.get("state")), ("", "", ()))
    if refused.code == "not_in_state" and refused.details.get("action") in after:
        key = "refused.not_in_state.first"
        details |= {"first": words(f"order.{first}"), "key": key_of(action)}
    if refused.code == "stale_version" and "at" in details:
        key = "refused.stale_version.by"
        details["who"] = details.get("who") or words("actor.timer")
        details["at"] = clock_text(datetime.fromisoformat(str(details["at"])))
    if refused.code == "field_changed":
        details["who"] = details.get("who") or words("actor.somebody")
    if not words.has(key):
        return words("refused.unknown", code=refused.code)
    return words(key, **details)


def lonlat_text(place: LonLat) -> str:
    """120.2123E 30.2741N."""
    east, north = ("E" if place.lon >= 0 else "W"), ("N" if place.lat >= 0 else "S")
    return f"{abs(place.lon):.4f}{east} {abs(place.lat):.4f}{north}"
