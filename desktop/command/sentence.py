"""What a line came to: a whole sentence, or what it lacks; plain."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.command.verbs import Verb
from desktop.dispatch.filling import Filling

NOTHING = Filling()


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that may stand next in a line."""

    word: str
    """What is written into the line."""
    name: str
    note: str = ""
    """What it is: a title, a duty, what a verb takes."""
    is_off: bool = False
    """Whether it does not work now: a verb the rules refuse, a worker off duty."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verb with everything it needs."""

    verb: Verb
    filling: Filling
    at_once: bool = False
    """Whether it ended with a mark of exclamation."""

    @property
    def is_taken_back(self) -> bool:
        """Whether something takes back what it does; whether this officer may, the rules are asked (taking_back.goes_back)."""
        return bool(self.verb.back) and len(self.filling.sources) <= 1


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A line that cannot be carried out as it stands."""

    problem: str
    """empty, verb_unknown, verb_ambiguous; of an argument: missing, unknown, ambiguous, bad; extra: nothing takes the word."""
    verb: Verb | None = None
    about: str = ""
    """The kind of argument concerned (values.KINDS)."""
    said: str = ""
    """The word that is no good."""
    offered: tuple[Offered, ...] = ()
    """What it could be instead."""
    filling: Filling = NOTHING
    """What is known all the same."""


Reading = Sentence | Unfinished
