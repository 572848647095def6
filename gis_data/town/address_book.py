"""House numbers by street: an address a person wrote leads to the house it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.places import LonLat

_NUMBER = r"\d{1,5}(?: ?(?:bis|ter|quater)(?![a-z])| ?[a-z](?![a-z]))?(?: ?[-/] ?\d{1,5}(?: ?[a-z](?![a-z]))?)*"
_AFTER = re.compile(rf"[ ,、]*(?:no\.? ?|nr\.? ?|# ?)?(?P<number>{_NUMBER})(?P<rest>.*)", re.DOTALL)
"""What follows a street: `12号`, ` 12`, `, no. 12 bis`, ` 12-16`."""
_BEFORE = re.compile(rf"(?:^|[ ,])(?P<number>{_NUMBER}),? $")
"""What stands before a street where a country writes it so: `12, rue Grimaldi`."""
_NO_HOUSE = "线桥门机井路杆口池"
"""Words behind 号 that make it no house: 12号线 is an underground line, 3号机 a camera."""
_WIDEST_RANGE = 40
MOST_LETTERS = 500
"""So much of a text is looked through: a person waits, and who writes more has named the place before."""
_FIRST_OF_CHINESE = 0x2E80


@dataclass(frozen=True, slots=True)
class House:
    """A house found by its address."""

    street: str
    label: str
    """Street and number as the map has them."""
    place: LonLat


class AddressBook:
    """All house numbers of a town, looked up by what people write. Plain; any thread once it is made."""

    def __init__(self, houses: Iterable[tuple[str, str, LonLat]] = ()) -> None:
        """Street, number and place of each house; of two with one address the first counts."""
        self._streets: dict[str, tuple[str, dict[str, tuple[str, LonLat]]]] = {}
        ranges: list[tuple[dict[str, tuple[str, LonLat]], str, tuple[str, LonLat]]] = []
        for street, number, place in houses:
            if not _plain(street):
                continue
            _, known = self._streets.setdefault(_plain(street), (street, {}))
            key = _key(number)
            known.setdefault(key, (number, place))
            ranges += [(known, each, (number, place)) for each in _within(key)]
        for known, each, house in ranges:  # after all that are numbered themselves
            known.setdefault(each, house)

    def __len__(self) -> int:
        """How many streets have numbers."""
        return len(self._streets)

    def house(self, address: str) -> House | None:
        """The house an address names; None where it names none that is known.

        The longest street in the address counts, and nothing within its name: 凯旋路12号 is not on 旋路.
        """
        text = _plain(address[:MOST_LETTERS])
        if len(address) > MOST_LETTERS:
            text = text.rstrip("0123456789")  # a number cut in two is another house
        for start, end, name in self._named(text):
            street, known = self._streets[name]
            for number in _numbers_beside(text, start, end):
                found = known.get(number) or known.get(re.split(r"[-/]", number)[0]) or known.get(_digits(number))
                if found is not None:
                    return House(street, address_text(street, found[0]), found[1])
        return None

    def _named(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where streets stand in a text, the longest first, none inside or across another."""
        taken: list[tuple[int, int]] = []
        for name in sorted((name for name in self._streets if name in text), key=len, reverse=True):
            start = text.find(name)
            while start >= 0:
                end = start + len(name)
                if all(end <= first or start >= last for first, last in taken):
                    taken.append((start, end))
                    yield start, end, name
                start = text.find(name, end)


def address_text(street: str, number: str) -> str:
    """An address as it is written where the street lies: 凯旋路12号, Rue Grimaldi 12."""
    if ord(street[-1]) < _FIRST_OF_CHINESE:
        return f"{street} {number}"
    return f"{street}{number.removesuffix('号')}号"


def _numbers_beside(text: str, start: int, end: int) -> Iterator[str]:
    """The house numbers that may be meant beside a street: behind its name, else before it."""
    after = _AFTER.match(text, end)
    if after is not None and _ends_a_number(after["rest"]):
        yield _key(after["number"])
    before = _BEFORE.search(text[:start])
    if before is not None:
        yield _key(before["number"])


def _ends_a_number(rest: str) -> bool:
    """Whether what follows digits leaves them a house number: 号 of a house, or no word of Chinese at all."""
    mark = rest.lstrip()
    if mark[:1] in ("号", "號"):
        return len(mark) == 1 or mark[1] not in _NO_HOUSE
    return not rest or not (rest[0].isalnum() or rest[0] in "./-:：") or rest[0] in "附旁近"


def _within(key: str) -> Iterator[str]:
    """The numbers a range stands for: 12-16 is also 12, 14 and 16; 12/3 is also 12."""
    ends = re.fullmatch(r"(\d+)[a-z]?([-/])(\d+)[a-z]?", key)
    if ends is None:
        return
    low, high = int(ends[1]), int(ends[3])
    if ends[2] == "/" or not 0 < high - low <= _WIDEST_RANGE:
        yield str(low)
        return
    step = 2 if (high - low) % 2 == 0 else 1
    yield from (str(number) for number in range(low, high + 1, step))


def _plain(text: str) -> str:
    """Letters as they are compared: half width, lower case, one space."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u2019", "'").casefold().split())


def _key(number: str) -> str:
    return re.sub(r"[\s号]", "", _plain(number)).replace("–", "-")


def _digits(number: str) -> str:
    """12 of 12b: the house beside it that is known; the label says which."""
    return number.rstrip("abcdefghijklmnopqrstuvwxyz")
