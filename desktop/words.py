"""Every text of the desk by key, in the officer's language; switched while running.

A key that is missing is a bug and raises KeyError; tests hold both languages to the same keys.
"""

from __future__ import annotations

from desktop.words_en import WORDS as ENGLISH
from desktop.words_en_alarms import WORDS as ENGLISH_ALARMS
from desktop.words_en_basemap import WORDS as ENGLISH_BASEMAP
from desktop.words_en_boundaries import WORDS as ENGLISH_BOUNDARIES
from desktop.words_en_command import WORDS as ENGLISH_COMMAND
from desktop.words_en_field import WORDS as ENGLISH_FIELD
from desktop.words_en_forms import WORDS as ENGLISH_FORMS
from desktop.words_en_indicators import WORDS as ENGLISH_INDICATORS
from desktop.words_en_joining import WORDS as ENGLISH_JOINING
from desktop.words_en_life import WORDS as ENGLISH_LIFE
from desktop.words_en_map_layers import WORDS as ENGLISH_MAP_LAYERS
from desktop.words_en_on_map import WORDS as ENGLISH_ON_MAP
from desktop.words_en_paper import WORDS as ENGLISH_PAPER
from desktop.words_en_past import WORDS as ENGLISH_PAST
from desktop.words_en_reaching import WORDS as ENGLISH_REACHING
from desktop.words_en_refused import WORDS as ENGLISH_REFUSED
from desktop.words_en_rules import WORDS as ENGLISH_RULES
from desktop.words_en_rules_wrong import WORDS as ENGLISH_RULES_WRONG
from desktop.words_en_shift import WORDS as ENGLISH_SHIFT
from desktop.words_en_tracks import WORDS as ENGLISH_TRACKS
from desktop.words_en_video import WORDS as ENGLISH_VIDEO
from desktop.words_en_wall import WORDS as ENGLISH_WALL
from desktop.words_zh import WORDS as CHINESE
from desktop.words_zh_alarms import WORDS as CHINESE_ALARMS
from desktop.words_zh_basemap import WORDS as CHINESE_BASEMAP
from desktop.words_zh_boundaries import WORDS as CHINESE_BOUNDARIES
from desktop.words_zh_command import WORDS as CHINESE_COMMAND
from desktop.words_zh_field import WORDS as CHINESE_FIELD
from desktop.words_zh_forms import WORDS as CHINESE_FORMS
from desktop.words_zh_indicators import WORDS as CHINESE_INDICATORS
from desktop.words_zh_joining import WORDS as CHINESE_JOINING
from desktop.words_zh_life import WORDS as CHINESE_LIFE
from desktop.words_zh_map_layers import WORDS as CHINESE_MAP_LAYERS
from desktop.words_zh_on_map import WORDS as CHINESE_ON_MAP
from desktop.words_zh_paper import WORDS as CHINESE_PAPER
from desktop.words_zh_past import WORDS as CHINESE_PAST
from desktop.words_zh_reaching import WORDS as CHINESE_REACHING
from desktop.words_zh_refused import WORDS as CHINESE_REFUSED
from desktop.words_zh_rules import WORDS as CHINESE_RULES
from desktop.words_zh_rules_wrong import WORDS as CHINESE_RULES_WRONG
from desktop.words_zh_shift import WORDS as CHINESE_SHIFT
from desktop.words_zh_tracks import WORDS as CHINESE_TRACKS
from desktop.words_zh_video import WORDS as CHINESE_VIDEO
from desktop.words_zh_wall import WORDS as CHINESE_WALL

LANGUAGES: dict[str, dict[str, str]] = {
    "zh": CHINESE
    | CHINESE_ALARMS
    | CHINESE_BASEMAP
    | CHINESE_BOUNDARIES
    | CHINESE_COMMAND
    | CHINESE_FIELD
    | CHINESE_REFUSED
    | CHINESE_SHIFT
    | CHINESE_TRACKS
    | CHINESE_RULES
    | CHINESE_RULES_WRONG
    | CHINESE_LIFE
    | CHINESE_MAP_LAYERS
    | CHINESE_ON_MAP
    | CHINESE_FORMS
    | CHINESE_INDICATORS
    | CHINESE_PAST
    | CHINESE_REACHING
    | CHINESE_JOINING
    | CHINESE_PAPER
    | CHINESE_VIDEO
    | CHINESE_WALL,
    "en": ENGLISH
    | ENGLISH_ALARMS
    | ENGLISH_BASEMAP
    | ENGLISH_BOUNDARIES
    | ENGLISH_COMMAND
    | ENGLISH_FIELD
    | ENGLISH_REFUSED
    | ENGLISH_SHIFT
    | ENGLISH_TRACKS
    | ENGLISH_RULES
    | ENGLISH_RULES_WRONG
    | ENGLISH_LIFE
    | ENGLISH_MAP_LAYERS
    | ENGLISH_ON_MAP
    | ENGLISH_FORMS
    | ENGLISH_INDICATORS
    | ENGLISH_PAST
    | ENGLISH_REACHING
    | ENGLISH_JOINING
    | ENGLISH_PAPER
    | ENGLISH_VIDEO
    | ENGLISH_WALL,
}


class Words:
    """The texts of one language at a time. Main thread only."""

    def __init__(self, language: str = "zh") -> None:
        """Speak a language: zh or en."""
        self._table = LANGUAGES[language]
        self.language = language

    def use(self, language: str) -> None:
        """Speak another language from now on."""
        self._table = LANGUAGES[language]
        self.language = language

    def __call__(self, key: str, /, **details: object) -> str:
        """The text of a key with its details put in."""
        text = self._table[key]
        return text.format_map(_Details(details)) if details or "{" in text else text

    def has(self, key: str) -> bool:
        """Whether there is a text for a key."""
        return key in self._table


class _Details(dict[str, object]):
    """What goes into a text; a detail nobody gave is left out rather than stopping the desk."""

    def __missing__(self, key: str) -> str:
        return ""
