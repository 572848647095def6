"""A form that takes pictures: it waits with sending until the server has them; a draft keeps them in memory."""

from __future__ import annotations

from desktop.dispatch.form import Form
from desktop.dispatch.picture_field import PictureField
from governance.refusal import Refused


class PictureForm(Form):
    """Has no pictures until `take_pictures` is called; on a desk without photos it never has."""

    pictures: PictureField | None = None
    _is_waiting = False
    """Whether it was to be sent and a picture is still on its way."""
    _shown: frozenset[str] = frozenset()

    def take_pictures(self, stage: str, is_needed: bool, shown: frozenset[str] = frozenset()) -> PictureField | None:
        """A field for pictures of a stage, to be put somewhere; `shown` are hashes of those that hang on the case already."""
        if self.seat.photos is None:
            return None
        self._shown = shown
        field = self.pictures = PictureField(self.seat, self.seat.photos, stage, is_needed)
        self.refused_fields["attachments"] = field
        field.changed.connect(self._pictures_changed)
        field.refused.connect(self._picture_refused)
        return field

    def send(self) -> None:
        """Send it once the server has its pictures."""
        pictures = self.pictures
        if pictures is not None and not pictures.are_there and self.order_id is None:
            self._is_waiting = True
            self.say(self.seat.words("pictures.waiting"), "dim")
            pictures.bring_again()
            return
        self._is_waiting = False
        super().send()

    def show_refusal(self, refused: Refused) -> None:
        """Say it beside the field; pictures that the server has lost are brought again with the next try."""
        self._is_waiting = False
        if self.pictures is not None and refused.code == "no_such_bytes":
            self.pictures.bring_again(all_of_them=True)
        super().show_refusal(refused)

    def begin(self) -> None:
        """Restore what was typed and the pictures; those that hang on the case by now are not put to it again."""
        if self.pictures is not None and self.seat.photos is not None:
            kept = self.seat.photos.kept.get(self.draft, ())
            self.pictures.put_back(tuple(each for each in kept if each.sha256 not in self._shown))
        super().begin()

    def keep(self) -> None:
        """Keep what was typed on disk, the pictures in memory."""
        super().keep()
        if self.pictures is not None and self.seat.photos is not None:
            self.seat.photos.kept[self.draft] = self.pictures.pictures

    def stop(self) -> None:
        """Listen to nothing any more."""
        if self.pictures is not None:
            self.pictures.stop()
        super().stop()

    def _pictures_changed(self) -> None:
        """A picture came, went or is with the server: what waited for it goes."""
        assert self.pictures is not None
        if self._is_waiting and self.pictures.are_there:
            self.send()
        elif not self._is_waiting:
            self.changed()

    def _picture_refused(self, refused: Refused) -> None:
        super().show_refusal(refused)
        self._is_waiting = False
