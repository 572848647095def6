"""The smoke run fails for tracebacks of this run, in whichever process, and not for those of an earlier one."""

from __future__ import annotations

from pathlib import Path

from demo.logs_of_now import LogsOfNow

TRACEBACK = "Traceback (most recent call last):\n"


def test_only_what_is_written_from_now_on_counts(tmp_path: Path) -> None:
    (tmp_path / "desk1.log").write_text(TRACEBACK)
    (tmp_path / "intake.log").write_text("started\n")
    logs = LogsOfNow(tmp_path)
    assert logs.with_tracebacks() == []
    with (tmp_path / "intake.log").open("a") as log:
        log.write(TRACEBACK)
    (tmp_path / "drill.log").write_text(TRACEBACK)
    assert logs.with_tracebacks() == ["drill", "intake"]


def test_a_rotated_log_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "clock.log").write_text(TRACEBACK)
    logs = LogsOfNow(tmp_path)
    (tmp_path / "clock.log").rename(tmp_path / "clock.log.1")
    (tmp_path / "clock.log").write_text("fine\n")
    assert logs.with_tracebacks() == []
    with (tmp_path / "clock.log.1").open("a") as log:
        log.write(TRACEBACK)
    assert logs.with_tracebacks() == ["clock"]
