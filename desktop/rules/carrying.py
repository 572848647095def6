"""Rules carried in and out as files: into the draft whole or not at all, and into a folder where nothing is written over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop.phrases import refusal_sentence
from desktop.rules.parts import MOST_BYTES, Unreadable, files_of, parts_of
from desktop.rules.rules_view import DRAFT
from desktop.rules.saying import mistake_text
from governance.refusal import Refused
from wire.rules_requests import CheckRules, RulesChecked, RulesFile

if TYPE_CHECKING:
    from desktop.rules.rules_desk import RulesDesk
    from desktop.sheet import Ask

KINDS = "TOML, CSV (*.toml *.csv)"


class Carrying(QObject):
    """Imports and exports. Main thread only."""

    def __init__(self, desk: RulesDesk, ask: Ask) -> None:
        """Nothing is carried yet."""
        super().__init__(desk)
        self._desk, self._ask = desk, ask
        self._side, self._words = desk.view.side, desk.seat.words

    def choose_files(self) -> None:
        """Ask which files; nothing waits meanwhile."""
        dialog = QFileDialog(self._desk.view, self._words("rules.import.title"), str(Path.home()), KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.filesSelected.connect(lambda chosen: self.bring([Path(each) for each in chosen]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask where to."""
        dialog = QFileDialog(self._desk.view, self._words("rules.export.title"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.write_to(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def bring(self, files: list[Path]) -> None:
        """The parts of the files are the draft's, all of them; of one that cannot be read the server says what is wrong."""
        found: dict[str, Any] = {}
        for file in files:
            content = self._read(file)
            if content is None:
                return
            try:
                found |= parts_of(file.name, content)
            except Unreadable:
                self._ask_why(file.name, content)
                return
        draft = self._desk.opened_draft()
        if draft is None:
            self._refuse(Refused("rules_unchecked") if self._desk.loading.is_sending else self._elsewhere())
            return
        draft.take(found)
        names = dict.fromkeys("settings" if part == "reasons" else part for part in found)
        self._desk.written((), "")
        said = self._words("sep").join(self._words(f"rules.tab.{part}") for part in names)
        self._side.tell(self._words("rules.imported", parts=said), "live")

    def _elsewhere(self) -> Refused:
        """The draft is not what is shown: it is brought to the front, and the files can be brought again."""
        self._desk.shown = DRAFT
        self._desk.refresh()
        return Refused("rules_draft_elsewhere")

    def _read(self, file: Path) -> bytes | None:
        """The bytes of a file; None where it cannot be, and that is said."""
        try:
            if file.stat().st_size > MOST_BYTES:
                self._refuse(Refused("rules_file_large", file=file.name))
                return None
            return file.read_bytes()
        except OSError as problem:
            self._refuse(Refused("rules_file_unreadable", file=file.name, why=problem.strerror or type(problem).__name__))
            return None

    def _ask_why(self, name: str, content: bytes) -> None:
        """What is wrong with a file that says no parts."""

        def came(reply: Any, refused: Refused | None) -> None:
            if isinstance(reply, RulesChecked) and reply.wrong:
                first = reply.wrong[0]
                why = mistake_text(self._words, first)
                place = f" ({first.line}:{first.column})" if first.line else ""
                refused = Refused("rules_file_unknown", file=f"{name}{place}", why=why)
            self._refuse(refused or Refused("rules_file_unknown", file=name, why=self._words("rules.wrong.nothing_known")))

        self._ask(CheckRules(0, (RulesFile(name[-100:], content),)), came)

    def write_to(self, folder: Path) -> None:
        """What is shown stands in a folder of its own; nothing that was there is written over."""
        desk, words = self._desk, self._words
        draft = desk.draft if desk.shown == DRAFT else None
        parts = draft.parts if draft else desk.held.get(desk.shown, {})
        name = words("rules.export.folder.draft") if draft else words("rules.export.folder", version=desk.shown)
        files = files_of(parts, parts)
        try:
            into = _fresh(folder, name)
            into.mkdir(parents=True)
            for each, content in files.items():
                (into / each).write_bytes(content)
        except OSError as problem:
            self._refuse(Refused("rules_folder", folder=str(folder), why=problem.strerror or type(problem).__name__))
            return
        self._side.tell(words("rules.exported", count=len(files), folder=into), "live")

    def _refuse(self, refused: Refused) -> None:
        self._side.tell(refusal_sentence(self._words, refused), "refused")


def _fresh(folder: Path, name: str) -> Path:
    """A folder of that name that is not there yet."""
    number, found = 1, folder / name
    while found.exists():
        number += 1
        found = folder / f"{name}-{number}"
    return found
