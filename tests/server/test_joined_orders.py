"""Orders that hold several incidents: who may, which version, in which order all is locked, and a repeat does nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance import commands as c
from server.audit.verify import verify
from server.ledger.entry import Entered
from tests.server.conftest import District, middle
from tests.server.test_whole_life import case_of, onward


@pytest.fixture(autouse=True)
def the_log_adds_up(district: District) -> Iterator[None]:
    """After every test the whole ledger is what its log says."""
    yield
    assert verify(district.ledger).findings == []


def merged(district: District, master: Entered, *sources: c.Source, by: str = "duty1") -> Entered:
    """The sources become part of the master."""
    return onward(district, master, c.Merge(sources), by)


def test_a_nought_below_nought_is_kept_as_nought(district: District) -> None:
    entered = district.order(c.MakeReport("路边有人摆摊", middle(0), accuracy_m=-0.0), "duty1")
    onward(district, entered, c.AttachReport(c.MakeReport("又一位", middle(0), accuracy_m=-0.0)), "duty1")
    assert [str(report.accuracy_m) for report in case_of(district, entered).reports] == ["0.0", "0.0"]
