"""Signing on: account, password, and the post of this shift where there are several."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.phrases import refusal_sentence
from desktop.words import Words
from governance.refusal import Refused
from wire.requests import PostOffer


class SignOnView(QWidget):
    """The first thing a desk shows. Wish: `wanted` with login, password and post (or None)."""

    wanted = Signal(str, str, object)
    language_wanted = Signal()

    def __init__(self, words: Words, server: str, parent: QWidget | None = None) -> None:
        """Empty fields."""
        super().__init__(parent)
        self._words, self._server = words, server
        self._posts: tuple[PostOffer, ...] = ()
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name, self.title, self.said, self.server = QLabel(), QLabel(), QLabel(), QLabel()
        self.login, self.password, self.post = QLineEdit(), QLineEdit(), QComboBox()
        self.go, self.language = QPushButton(), QPushButton()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.labels = {key: QLabel() for key in ("login", "password", "post")}
        self._lay_out()
        self.go.clicked.connect(self.ask)
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.ask)
        self.language.clicked.connect(self.language_wanted)
        self.retell()

    def _lay_out(self) -> None:
        looks = ((self.name, "clock"), (self.title, "dim"), (self.server, "dim"), (self.language, "bar"), (self.go, "go"))
        for widget, look in looks:
            widget.setProperty("look", look)
        self.said.setWordWrap(True)
        box = QWidget()
        box.setProperty("look", "overlay")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box.setFixedWidth(420)
        fields = QFormLayout()
        fields.setVerticalSpacing(10)
        for key, field in (("login", self.login), ("password", self.password), ("post", self.post)):
            self.labels[key].setProperty("look", "field")
            fields.addRow(self.labels[key], field)
        self._fields = fields
        fields.setRowVisible(self.post, False)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(32, 28, 32, 24)
        inner.setSpacing(12)
        inner.addWidget(self.name)
        inner.addWidget(self.title)
        inner.addSpacing(8)
        inner.addLayout(fields)
        for part in (self.said, self.go, self.server, self.language):
            inner.addWidget(part)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def ask(self) -> None:
        """Ask to be signed on with what stands in the fields."""
        login, password = self.login.text().strip(), self.password.text()
        if not login or not password:
            self.say(self._words("sign_on.empty"), "warn")
            return
        post: UUID | None = self.post.currentData() if self._posts else None
        self.set_busy(True)
        self.wanted.emit(login, password, post)

    def offer_posts(self, posts: Sequence[PostOffer]) -> None:
        """The account holds several posts: let the officer choose."""
        self._posts = tuple(posts)
        self.post.clear()
        for offer in posts:
            role = self._words(f"role.{offer.role}") if self._words.has(f"role.{offer.role}") else offer.role
            self.post.addItem(offer.title or role, offer.post)
        self._fields.setRowVisible(self.post, True)
        self.set_busy(False)
        self.say(self._words("sign_on.choose"), "dim")
        self.post.setFocus()

    def refuse(self, refused: Refused) -> None:
        """Say why not; what was typed stays."""
        self.set_busy(False)
        self.say(refusal_sentence(self._words, refused), "refused")
        self.password.selectAll()
        self.password.setFocus()

    def say(self, text: str, look: str) -> None:
        """Say a line below the fields."""
        self.said.setProperty("look", look)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(text)

    def set_busy(self, busy: bool) -> None:
        """Nothing can be pressed twice while the server thinks."""
        self.go.setEnabled(not busy)
        self.go.setText(self._words("sign_on.busy" if busy else "sign_on.go"))
        if busy:
            self.say("", "dim")

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._words
        self.name.setText(words("app.name"))
        self.title.setText(words("sign_on.title"))
        self.server.setText(words("sign_on.server", server=self._server))
        self.language.setText(words("bar.language"))
        for key, label in self.labels.items():
            label.setText(words(f"sign_on.{key}"))
        self.set_busy(not self.go.isEnabled())
