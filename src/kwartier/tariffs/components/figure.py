"""A figure of a tariff sheet: the number, its unit, where it comes from and how sure it is."""

from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BeforeValidator, Field

from kwartier.units.wire import WireModel

Confidence = Literal["O", "S3", "S2", "S", "S?", "D", "A"]
"""How sure a figure is; `CONFIDENCE_WORDS` says what each mark means."""

CONFIDENCE_WORDS: dict[Confidence, str] = {
    "O": "seen in an official text",
    "S3": "official sheet seen through two transcriptions that agree, and a supplier's card that agrees",
    "S2": "two independent secondary sources agree",
    "S": "one secondary source",
    "S?": "one secondary source that calls it unverified itself",
    "D": "derived here by arithmetic",
    "A": "assumed here: no text was found that says so",
}


def _from_whole(value: Any) -> Any:
    # TOML writes 12 as an integer and 12.5 as a float; both are exact decimals here.
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


ExactDecimal = Annotated[Decimal, BeforeValidator(_from_whole)]
"""A decimal as the file writes it, digit for digit; a binary float is refused."""

U = TypeVar("U", bound=str)


class Figure(WireModel, Generic[U]):
    """One number of a sheet, at least 0, in `unit`; `source` is a key of the file's sources.

    A number that nobody knows has no `Figure`: the file writes `{ missing = "where to get it", unit = … }`, and whoever
    loads it is refused. It is never 0 in its place.
    """

    value: Annotated[ExactDecimal, Field(ge=0, le=10**9)]
    unit: U
    source: str
    confidence: Confidence
    note: str | None = Field(
        default=None, description="What a reader should know before trusting the figure."
    )


EurPerKwh = Figure[Literal["EUR/kWh"]]
EurPerYear = Figure[Literal["EUR/year"]]
EurPerPeriod = Figure[Literal["EUR/year", "EUR/month"]]
EurPerKvarh = Figure[Literal["EUR/kVArh"]]
EurPerMwh = Figure[Literal["EUR/MWh"]]
PeakPrice = Figure[Literal["EUR/kW/month", "EUR/kW/year", "EUR/kVA/year"]]
"""Per kW of a peak. A sheet that prints kVA is billed with the measured kW: the sheets of Fluvius print kVA, its FAQ
(fluvius.be, capacity tariff for large consumption) and an invoice of April 2026 use kW for the same number."""
