"""What stands on a bill, in the reader's language."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kwartier.adapters.dashboard.catalogue import words_of
from kwartier.adapters.dashboard.figures import THIN, Figures
from kwartier.adapters.dashboard.money.bill_words import quantity_text
from kwartier.tariffs.billing.bill_line import BillLine, PriceSource


def text(language: str, quantity: str, unit: str) -> str:
    source = PriceSource("a test")
    line = BillLine("x", "grid", Decimal(quantity), unit, Decimal(1), Decimal(quantity), source)
    return quantity_text(line, Figures(words_of(language), ZoneInfo("Europe/Brussels")))


@pytest.mark.parametrize(
    ("language", "quantity", "unit", "said"),
    [
        ("nl", "1", "month", "1 maand"),
        ("nl", "2", "month", "2 maanden"),
        ("de", "0", "reduction", "0 Ermäßigungen"),
        ("fr", "0", "reduction", "0 réduction"),  # Unicode CLDR: French counts zero as one
        ("en", "1.5", "month", "1.5 months"),
        ("fr", "11725.25", "kWh", f"11{THIN}725,2{THIN}kWh"),
    ],
)
def test_a_quantity_has_its_unit_in_the_readers_language(
    language: str, quantity: str, unit: str, said: str
) -> None:
    assert text(language, quantity, unit) == said
