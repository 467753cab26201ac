"""What the dashboard says, in the language of whoever reads it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# Dutch, French, German (the languages of Belgium), and English, in which people who have set no other one are answered.
LANGUAGES = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Words:
    """The sentences of one language by their key, such as `fleet.title`."""

    language: str
    text_by_key: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with the values in their places; raises KeyError for a key or a value that is not there.

        One that counts has two forms in the catalogue, `key.one` and `key.other`; its `count` chooses.
        """
        text = self.text_by_key.get(key)
        if text is None:
            text = self.text_by_key[f"{key}.{self._form(values.get('count'))}"]
        return text.format_map(values)

    def _form(self, count: object) -> str:
        """Which form a number has: in French zero counts as one (Unicode CLDR, plural rules for cardinals)."""
        is_one = count == 1 or (count == 0 and self.language == "fr")
        return "one" if is_one else "other"


@cache
def words_of(language: str) -> Words:
    """The words of one of `LANGUAGES`."""
    text = files("kwartier.adapters.dashboard.words").joinpath(f"{language}.toml").read_text("utf-8")
    return Words(language, dict(_flat(tomllib.loads(text))))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def language_of(chosen: str | None, accepted: str) -> str:
    """The language that was chosen, else the first known one of an Accept-Language header (RFC 9110, 12.5.4).

    >>> language_of(None, "pt, fr-BE;q=0.9, nl;q=0.8")
    'fr'
    """
    if chosen in LANGUAGES:
        return chosen
    ranked = sorted(map(_preference, accepted.split(",")), key=lambda one: -one[0])
    return next((name for quality, name in ranked if name in LANGUAGES and quality > 0), DEFAULT_LANGUAGE)


def _preference(entry: str) -> tuple[float, str]:
    """How much a language is wanted, and its two letters."""
    name, _, quality = entry.strip().partition(";q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, name.split("-")[0].lower()
