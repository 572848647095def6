"""What works now and why the rest does not, said once for all that share a reason: for the sheet of keys; plain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from desktop.command.verbs import ORDERS, Verb
from desktop.dispatch.form_order import has_form, refused_now
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.incident import Case
from governance.refusal import Refused

T = TypeVar("T")


def orders_now(seat: Seat, case: Case | None) -> tuple[tuple[Verb, ...], tuple[tuple[str, tuple[Verb, ...]], ...]]:
    """The verbs that work now, and the others by the sentence that says why they do not, the commonest first."""
    works: list[Verb] = []
    refused: list[tuple[Verb, Refused | str]] = []
    for verb in ORDERS:
        no = refused_now(verb.action, case, seat.officer, seat.situation.rules, seat.now())
        if no is None and not has_form(verb.action):
            no = Refused("no_form_here")
        if no is None:
            works.append(verb)
        else:
            refused.append((verb, no))
    return tuple(works), by_reason(seat, refused)


def by_reason(seat: Seat, refused: Iterable[tuple[T, Refused | str]]) -> tuple[tuple[str, tuple[T, ...]], ...]:
    """Things by the sentence that says why they do not work, the commonest first; what it says of one it says of all."""
    groups: dict[str, tuple[Refused | str, list[T]]] = {}
    for thing, no in refused:
        kept = {name: value for name, value in no.details.items() if name != "action"} if isinstance(no, Refused) else {}
        groups.setdefault(f"{no.code} {kept}" if isinstance(no, Refused) else no, (no, []))[1].append(thing)
    ordered = sorted(groups.values(), key=lambda group: -len(group[1]))
    return tuple((_why(seat, no, len(things)), tuple(things)) for no, things in ordered)


def _why(seat: Seat, no: Refused | str, count: int) -> str:
    if isinstance(no, str):
        return no
    details = {**no.details, "action": "…"} if count > 1 and "action" in no.details else no.details
    return refusal_sentence(seat.words, Refused(no.code, no.about, **details))
