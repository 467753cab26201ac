"""Site documents to begin with: one file per kind of site, each without an error, to be changed to what is there.

Ratings are common sizes of fuses (EN 60269) and of devices on the market, no recommendation; the contract follows the
day-ahead market with 15 EUR/MWh for the supplier in either direction, as a business contract of 2026 for less than
100 MWh a year has it (Enwyse B2B), and is to be replaced by the site's own.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

TemplateName = Literal["hub", "office", "apartment_garage", "home", "factory"]

TEMPLATE_NAMES: tuple[TemplateName, ...] = get_args(TemplateName)


def site_template(name: TemplateName) -> dict[str, Any]:
    """The document of a template as a JSON object of the caller's own.

    >>> site_template("home")["name"]
    'Home'
    """
    document: dict[str, Any] = json.loads(_text(name))
    return document


@cache
def _text(name: TemplateName) -> str:
    return (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
