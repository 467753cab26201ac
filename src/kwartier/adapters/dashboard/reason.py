"""The planner's and the control's sentences about a device, in the reader's language, and what would change it.

They are written in English where they are found (planning/car_reasons.py, battery_reasons.py, held_back.py,
control/guard.py, control/ladder.py). One that is not known here is shown as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.figures import UNKNOWN

_HELD = r"(?P<held>waits|rests|held at [\d.e+-]+ \w+|charges [\d.e+-]+ kW|discharges [\d.e+-]+ kW)"
_VERB = r"(?P<verb>charges|discharges)(?P<full> at full power)?"
_NUMBER = r"[-\d.e+]+"

_PATTERN_BY_KIND = {
    "paused": r"the car has paused charging",
    "less_than_six": r"the car cannot charge: less than 6 A",
    "met": r"its need is met",
    "full": rf"charges at its full (?P<level>{_NUMBER}) (?P<unit>\w+)",
    "six_left": r"waits: less than the 6 A that a car needs would be left for it",
    "after_plan": r"waits: charging can follow after this plan",
    "no_room": r"no room or time for more",
    "enough": rf"charges at (?P<level>{_NUMBER}) (?P<unit>\w+), what it needs",
    "cheaper": rf"waits for (?P<when>[\w: ]+?): (?P<saving>{_NUMBER}) EUR/MWh cheaper",
    "same_later": r"waits for (?P<when>[\w: ]+?): it costs the same",
    "later": r"waits for (?P<when>[\w: ]+)",
    "line_full": rf"{_HELD}: (?P<board>.+), phase (?P<phase>L\d) is full \((?P<limit>{_NUMBER}) A\)"
    rf"; one (?P<unit>\w+) more would be worth (?P<worth>{_NUMBER}) cent",
    "power_limit": rf"{_HELD}: (?P<board>.+) is at its power limit of (?P<limit>{_NUMBER}) kW"
    rf"; one (?P<unit>\w+) more would be worth (?P<worth>{_NUMBER}) cent",
    "boards_full": rf"{_HELD}: several boards are nearly full"
    rf"; one (?P<unit>\w+) more would be worth (?P<worth>{_NUMBER}) cent",
    "peak": rf"{_HELD}: more would raise (?P<peak>.+?)(?: \((?P<price>{_NUMBER}) EUR/kW.*\))?",
    "kept": rf"{_HELD}: as in the plan before, another would gain less than (?P<worth>{_NUMBER}) cent",
    "line_without_room": rf"{_HELD}: (?P<board>.+), phase (?P<phase>L\d) \((?P<limit>{_NUMBER}) A\) has no more room",
    "quarter_without_room": rf"{_HELD}: the planned peak of (?P<board>.+) \((?P<limit>{_NUMBER}) kW in this "
    r"quarter-hour\) has no more room",
    "operator_without_room": rf"{_HELD}: the grid operator's limit for (?P<board>.+) \((?P<limit>{_NUMBER}) kW\) "
    r"has no more room",
    "above_limit": rf"stopped: (?P<board>.+), phase (?P<phase>L\d) \((?P<limit>{_NUMBER}) A\) is above its limit",
    "relieves_board": rf"{_VERB}: it relieves a full board",
    "relieves_peak": rf"{_VERB}: it keeps this month's peak down",
    "trades": rf"{_VERB}: (?P<price>{_NUMBER}) EUR/MWh now, (?P<worth>{_NUMBER}) in the battery",
    "works": _VERB,
    "battery_full": r"rests: it is full",
    "battery_empty": r"rests: it is empty",
    "rests_between": rf"rests: (?P<price>{_NUMBER}) EUR/MWh, charges below (?P<low>{_NUMBER}) "
    rf"and discharges above (?P<high>{_NUMBER})",
    "rests": r"rests",
    "as_planned": r"as planned \(\w+\)",
}
_KINDS = {kind: re.compile(pattern) for kind, pattern in _PATTERN_BY_KIND.items()}


@dataclass(frozen=True)
class Reason:
    """Why a device does what it does, and what would change it; both in words, the latter empty where nobody knows."""

    kind: str | None
    text: str
    change: str


def reason_in_words(sentence: str, words: Words) -> Reason:
    """The sentence in the reader's language."""
    for kind, pattern in _KINDS.items():
        found = pattern.fullmatch(sentence)
        if found is not None:
            values = dict(_values(found.groupdict(), words))
            change_keys = (f"change.{kind}", f"change.{kind}_{found.groupdict().get('verb')}")
            change = "".join(words(key, **values) for key in change_keys if key in words.text_by_key)
            text = words(f"reason.{kind}", **values)
            return Reason(kind, text[:1].upper() + text[1:], change)
    return Reason(None, sentence[:1].upper() + sentence[1:], "")


def _values(groups: dict[str, str | None], words: Words) -> Iterator[tuple[str, str]]:
    """What stands in the sentence's places: clock times with the day's name, numbers in the language's decimals."""
    for name, value in groups.items():
        match name:
            case "held":
                yield name, _held(value or "", words)
            case "verb":
                yield name, words(f"reason.{value}")
            case "full":
                yield name, words("reason.at_full_power") if value else ""
            case "when":
                yield name, _when(value or "", words)
            case "peak":
                yield name, words(f"reason.{_PEAKS.get(value or '', 'other_peak')}")
            case "price" if value is None:
                yield name, UNKNOWN
            case _:
                yield name, _decimal(value or "?", words)


# Of other peaks (planning/peaks.py, tariffs/marginal) it is enough to say that they are billed.
_PEAKS = {"this month's peak": "month_peak", "this month's injection peak": "injection_peak"}


def _held(held: str, words: Words) -> str:
    if held in {"waits", "rests"}:
        return words(f"reason.{held}")
    verb, *_, level, unit = held.split()
    return words(f"reason.{verb}_at", level=_decimal(level, words), unit=unit)


def _when(clock: str, words: Words) -> str:
    """«Sat 04:00» with the day in the reader's language."""
    day, _, time = clock.rpartition(" ")
    number = _DAYS.index(day) if day in _DAYS else None
    return time if number is None else f"{words(f'day.{number}')} {time}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _decimal(value: str, words: Words) -> str:
    is_number = re.fullmatch(_NUMBER, value) is not None
    return value.replace(".", ",") if is_number and words.language != "en" else value
