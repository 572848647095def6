"""The words of a line by the argument they belong to, while it is read; plain."""

from __future__ import annotations

from desktop.command.sentence import Unfinished
from desktop.command.verbs import Verb

MANY = frozenset({"workers", "sources", "until"})


class WordsFound:
    """Fills up word by word; the first thing that is wrong is kept."""

    def __init__(self, verb: Verb) -> None:
        """Nothing found yet."""
        self._verb = verb
        self._words: dict[str, list[str]] = {}
        self._texts: dict[str, list[str]] = {"reason": [], "text": []}
        self.rank = 0
        self.edits: list[tuple[str, str]] = []
        self.refused: Unfinished | None = None

    def lacks(self, kind: str) -> bool:
        """Whether nothing was found for a kind of argument."""
        return kind not in self._words

    def of(self, kind: str) -> tuple[str, ...]:
        """The words found for a kind of argument."""
        return tuple(self._words.get(kind, ()))

    def put(self, kind: str, word: str) -> None:
        """A word belongs to a kind of argument; of what there is one, the last counts."""
        if kind in self._texts:
            self._texts[kind].append(word)
        elif kind in MANY:
            self._words.setdefault(kind, []).append(word)
        else:
            self._words[kind] = [word]

    def put_text(self, word: str) -> bool:
        """A word that is no argument is text, or a reason; False where the verb takes neither."""
        kind = self._text_kind()
        if kind:
            self._texts[kind].append(word)
        return bool(kind)

    def take_text(self, text: str) -> None:
        """What stood in quotes or after a colon."""
        if text and not self.put_text(text):
            self.refuse("extra", "", text[:20])

    def text_of(self, kind: str) -> str:
        """The text of a kind."""
        return " ".join(self._texts[kind]).strip()

    def refuse(self, problem: str, kind: str, word: str) -> None:
        """Something is wrong; the first counts."""
        self.refused = self.refused or Unfinished(problem, about=kind, said=word)

    def _text_kind(self) -> str:
        """Where plain text goes: a reason that must be given, else the text, else the reason."""
        wanted = ("reason",) if "reason" in self._verb.must else ("text", "reason")
        return next((kind for kind in wanted if kind in self._verb.slots), "")
