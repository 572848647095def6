"""A title for a report that came without one: its first clauses."""

from __future__ import annotations

LENGTH = 30
TITLE_LONGEST = 120
"""Letters of a title that somebody gives."""
LEAST = 6
"""A clause shorter than this says too little to stand alone."""
ENDS = "，。；！？、,;!?（("


def headline(text: str) -> str:
    """The first line of a text, cut after its last whole clause that fits; with an ellipsis where none does."""
    line = next((each.strip() for each in text.splitlines() if each.strip()), "")
    if len(line) <= LENGTH:
        return line
    cut = max(line.rfind(mark, 0, LENGTH + 1) for mark in ENDS)
    return line[:cut] if cut >= LEAST else line[: LENGTH - 1].rstrip() + "…"
