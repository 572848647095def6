"""Codes of areas: each once, all of one length, of digits, and beginning with the parent's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gis_data.boundaries.defect import Defect, Kind

Place = tuple[float, float] | None
DIVISION_DIGITS = (6, 9, 12, 15)
"""Of codes of a district, a street, a community, a grid; other numbers that name features have no form to keep."""


def code_defects(
    codes: Sequence[str], places: Mapping[int, Place], parent_codes: Sequence[str] = (), parent_of: Sequence[int] = ()
) -> list[Defect]:
    """What is wrong with the codes of a layer; parents are judged by where `parent_codes` and `parent_of` are given.

    Each area has one defect at most: the first of empty, twice, letters, length, prefix.
    """
    counts = Counter(codes)
    plain = [code for code in codes if code.isascii() and code.isdigit()]
    usual = Counter(len(code) for code in plain).most_common(1)[0][0] if plain else 0
    digits_expected = 2 * len(plain) > len(codes) and usual in DIVISION_DIGITS
    first = {code: k for k, code in reversed(list(enumerate(codes)))}
    found = []
    for k, code in enumerate(codes):
        why, said = "", dict[str, float | int | str](code=code)
        if not code:
            why = "code_empty"
        elif counts[code] > 1 and first[code] != k:
            why = "code_twice"
        elif digits_expected and not (code.isascii() and code.isdigit()):
            why = "code_letters"
        elif digits_expected and len(code) != usual:
            why, said = "code_length", {**said, "length": len(code), "usual": usual}
        elif parent_codes and parent_of[k] >= 0 and not code.startswith(parent_codes[parent_of[k]]):
            why, said = "code_prefix", {**said, "parent": parent_codes[parent_of[k]]}
        if why:
            features = (k, first[code]) if why == "code_twice" else (k,)
            found.append(Defect(Kind.CODE, features, places.get(k), 0.0, why, said))
    return found
