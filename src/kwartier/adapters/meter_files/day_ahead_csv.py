"""Day-ahead prices from a CSV file: `start,eur_per_mwh`, starts in RFC 3339 with an offset, hours or quarter-hours."""

from datetime import UTC, datetime

from kwartier.adapters.meter_files.cells import read_quarter_index
from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.adapters.meter_files.table import Table, UnreadableMeterFile, read_table
from kwartier.site.finding import Finding, errors
from kwartier.tariffs.billing.day_ahead import QUARTERS_PER_HOUR, DayAheadPrices
from kwartier.units.quarter_hour import QUARTER_S

START, PRICE = "start", "eur_per_mwh"
_MOST_EUR_PER_MWH = 1e6  # as in a plan request: far above any market's limits, catches unit mistakes only


def read_day_ahead_csv(data: bytes) -> tuple[DayAheadPrices | None, list[Finding]]:
    """The prices, or None and every fault with its line; an empty cell is a gap.

    A line on the hour that is alone in its hour is the price of all four quarter-hours, every other line of one: so
    that a file may change from hours to quarter-hours on the way, as the market did on 1 October 2025.
    Raises UnreadableMeterFile for what is no such table.
    """
    table = read_table(data)
    if START not in table.header or PRICE not in table.header:
        raise UnreadableMeterFile(
            f"the header {', '.join(table.header)[:200]!r} is not {START},{PRICE}: name the columns so"
        )
    report = Report()
    prices = _prices(table, report)
    if not prices and not report.findings:
        report.error_of_file("empty", "the file has a header and no price")
    findings = report.complete()
    return (None if errors(findings) else _on_quarters(prices)), findings


def _prices(table: Table, report: Report) -> dict[int, float | None]:
    start_place, price_place = table.header.index(START), table.header.index(PRICE)
    prices: dict[int, float | None] = {}
    for line_number, cells in table.rows():
        place = Place(line_number)
        if len(cells) < len(table.header):
            report.error(
                "row", place, f"{len(cells)} values where the header has {len(table.header)}", len(cells)
            )
            continue
        index = read_quarter_index(cells[start_place], place, report)
        price = _price(cells[price_place], place, report)
        if index is None:
            continue
        if index in prices and prices[index] != price:
            report.error(
                "contradiction",
                place,
                f"another price for {cells[start_place]} stands above: keep one",
                price,
            )
        prices[index] = price
    return prices


def _price(text: str, place: Place, report: Report) -> float | None:
    if not text.strip():
        return None
    try:
        price = float(text.strip().replace(",", "."))
    except ValueError:
        price = float("nan")
    if not abs(price) <= _MOST_EUR_PER_MWH:
        report.error(
            "number",
            place,
            f"{text.strip()!r} is no price in EUR/MWh: write a number, or leave it empty",
            text,
        )
        return None
    return price


def _on_quarters(prices: dict[int, float | None]) -> DayAheadPrices:
    first, last = min(prices), max(prices)
    spread = [prices.get(index) for index in range(first, last + QUARTERS_PER_HOUR)]
    for index, price in prices.items():
        hour = range(index, index + QUARTERS_PER_HOUR)
        if index % QUARTERS_PER_HOUR == 0 and not any(other in prices for other in hour[1:]):
            spread[index - first : index - first + QUARTERS_PER_HOUR] = [price] * QUARTERS_PER_HOUR
    return DayAheadPrices.of(datetime.fromtimestamp(first * QUARTER_S, UTC), spread)
