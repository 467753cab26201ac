"""The words of the dashboard in its four languages."""

import re
from string import Formatter

import pytest

from kwartier.adapters.dashboard.catalogue import LANGUAGES, language_of, words_of
from tests.house.project import ROOT

SOURCE = ROOT / "src" / "kwartier" / "adapters" / "dashboard"
USED = re.compile(r"""words\(\s*f?"([a-z_.{}]+)""")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_values(language: str) -> None:
    english, other = words_of("en").text_by_key, words_of(language).text_by_key
    assert other.keys() == english.keys()
    assert {key: fields(text) for key, text in other.items()} == {
        key: fields(text) for key, text in english.items()
    }


def test_every_key_that_the_code_names_is_in_the_catalogues() -> None:
    known = words_of("en").text_by_key
    named = {key for path in SOURCE.rglob("*.py") for key in USED.findall(path.read_text(encoding="utf-8"))}
    whole = {key for key in named if "{" not in key}
    assert whole
    assert [key for key in sorted(whole) if key not in known and f"{key}.other" not in known] == []


def test_a_chosen_language_counts_more_than_the_browsers() -> None:
    assert language_of("de", "nl") == "de"
    assert language_of(None, "nl-BE,nl;q=0.9,en;q=0.8") == "nl"
    assert language_of("pt", "ja;q=1.0, *;q=0.5") == "en"
    assert language_of(None, "fr;q=0, de;q=0.1") == "de"


def test_a_sentence_that_counts_has_a_form_for_one_and_one_for_several() -> None:
    keys = words_of("en").text_by_key
    counting = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    assert counting == {key.removesuffix(".other") for key in keys if key.endswith(".other")}
    # What holds one or several has no number before a noun that has two forms.
    assert [
        key for key, text in keys.items() if "{count} " in text and not key.endswith((".one", ".other"))
    ] == ["sessions.count_of"]


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [
        ("en", 0, "0 days"),
        ("en", 1, "1 day"),
        ("nl", 1, "1 dag"),
        ("nl", 2, "2 dagen"),
        ("de", 0, "0 Tage"),
        ("fr", 0, "0 jour"),  # Unicode CLDR: French counts zero as one
        ("fr", 2, "2 jours"),
    ],
)
def test_one_and_several_are_told_apart(language: str, count: int, text: str) -> None:
    assert words_of(language)("setup.days", count=count) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alarm_about_one_car_speaks_of_one(language: str) -> None:
    words = words_of(language)
    one, several = (words("alarm.cars_short", count=count, energy_kwh=7.0) for count in (1, 2))
    assert several.startswith("2 ")
    assert not one[0].isdigit()
