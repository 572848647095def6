"""What a phone says when a rule refuses: words of its own for whatever its worker can bring about. No server."""

from __future__ import annotations

import inspect
import json
import re

from governance import looking, suspending
from governance.commands import (
    Accept,
    Acknowledge,
    Arrive,
    Ask,
    Complete,
    Decline,
    MakeReport,
    Progress,
    SelfHandle,
    TakeLead,
    VerifyResult,
)
from governance.refusal import Refused
from governance.transitions import TABLE
from server.intake.answers import WORDS, refusal

OF_A_PHONE = (MakeReport, Accept, Acknowledge, Decline, Arrive, Progress, Complete, SelfHandle, Ask, VerifyResult, TakeLead)
NOT_OF_A_PHONE = {"already_verified", "nobody_on_duty", "not_identified", "not_your_suspension", "seen_already"}
NOT_OF_A_PHONE |= {"suspended_elsewhere", "not_urgent_enough"}
"""Codes of the same modules that only a desk, or the server itself, can bring about."""


def test_whatever_the_rules_refuse_a_phone_has_words_of_its_own() -> None:
    asked = [guard for row in TABLE if row.action in OF_A_PHONE for guard in (*row.guards, *row.demands)]
    sources = [*map(inspect.getsource, asked), *map(inspect.getsource, (suspending, looking))]
    codes = {code for text in sources for code in re.findall(r"Refused\(\s*\"(\w+)\"", text)}
    assert len(codes) > 30
    assert codes - set(WORDS) - NOT_OF_A_PHONE == set()


def test_they_are_put_with_what_they_are_about() -> None:
    told = json.loads(bytes(refusal(Refused("outside_first", "category", to="119")).body))
    assert (told["code"], told["about"]) == ("outside_first", "category")
    assert "119" in told["zh"]
    assert "119" in told["en"]
