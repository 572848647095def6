"""Data beside the repository that is not there: a test skips with the reason, and fails under CI."""

from __future__ import annotations

import pytest

from tests.fakes.shared_data import shared


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_absent_data_skip_a_test_and_fail_it_under_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="data/nowhere"):
        shared("data/nowhere")
