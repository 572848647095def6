"""One server at work whose parts are killed, and the desks before it."""

from __future__ import annotations

from tests.together.conftest import desk_of, examiner_of, work

__all__ = ["desk_of", "examiner_of", "work"]
