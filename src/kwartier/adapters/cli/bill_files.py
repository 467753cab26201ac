"""The files of a bill: site, meter, prices, facts, sheets; all that is wrong with them at once."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kwartier.adapters.cli.faults import UnreadableFile
from kwartier.adapters.cli.json_files import name_of, read_bytes, read_document, read_value

if TYPE_CHECKING:
    from datetime import tzinfo

    from kwartier.site.document import Site
    from kwartier.site.finding import Finding
    from kwartier.tariffs.billing import BillFacts, Customer, DayAheadPrices, IndexResolution
    from kwartier.tariffs.meter import MeterSeries
    from kwartier.tariffs.sheets import TariffSheets

# What of a site document a bill depends on; a pole without a board does not change it.
_JUDGED = (
    "$.configurations.contract",
    "$.configurations.dso",
    "$.location",
    "$.country",
    "$.site_id",
    "$.name",
)


@dataclass(frozen=True)
class Billable:
    """Everything that a bill is made of; `warnings` are those about the files."""

    site: "Site"
    meter: "MeterSeries"
    facts: "BillFacts"
    day_ahead: "DayAheadPrices | None"
    sheets: "TariffSheets"
    warnings: tuple[str, ...]


def read_billable(
    site_file: Path,
    meter_file: Path,
    day_ahead_file: Path | None,
    facts_file: Path | None,
    sheet_folders: list[Path],
    *,
    customer: "Customer",
    index_resolution: "IndexResolution",
    is_grid_left_out: bool,
) -> "tuple[Billable | None, list[Finding]]":
    """All of it, or None and the findings; raises UnreadableFile and UnreadableJson for what is no such file."""
    from kwartier.site.finding import errors
    from kwartier.site.timezone import site_timezone
    from kwartier.tariffs.billing.facts_document import FactsDocument

    site, findings = _read_site(site_file)
    document, wrong = (
        (FactsDocument(), []) if facts_file is None else read_document(FactsDocument, facts_file)
    )
    findings += wrong
    day_ahead, wrong = (None, []) if day_ahead_file is None else read_day_ahead(day_ahead_file)
    findings += wrong
    sheets, wrong = _read_sheets(sheet_folders)
    findings += wrong
    if site is None:
        return None, findings
    meter, wrong = read_meter(meter_file, site_timezone(site))
    findings += wrong
    if meter is None or document is None or errors(findings):
        return None, findings
    facts = document.facts(customer, index_resolution, is_grid_left_out=is_grid_left_out)
    warnings = tuple(finding.message for finding in findings)
    return Billable(site, meter, facts, day_ahead, sheets, warnings), findings


def _read_site(source: Path) -> "tuple[Site | None, list[Finding]]":
    """The site, with those errors that a bill would suffer from; its other findings are `kwartier validate`'s."""
    from kwartier.site.finding import errors
    from kwartier.site.parse import read_site

    site, findings = read_site(read_value(source))
    wrong = errors(findings)
    return site, wrong if site is None else [one for one in wrong if one.path.startswith(_JUDGED)]


def read_meter(source: Path, timezone: "tzinfo") -> "tuple[MeterSeries | None, list[Finding]]":
    """The quarter-hours of a meter file of any known format, or None and what is wrong with it."""
    from kwartier.adapters.meter_files import LIMIT_BYTES, UnreadableMeterFile, read_meter_file

    try:
        read = read_meter_file(read_bytes(source, LIMIT_BYTES), timezone)
    except UnreadableMeterFile as fault:
        raise UnreadableFile(f"{name_of(source)}: {fault}") from None
    return read.series, read.findings


def read_day_ahead(source: Path) -> "tuple[DayAheadPrices | None, list[Finding]]":
    """Day-ahead prices from JSON ({start, resolution, eur_per_mwh}, as in a plan request) or CSV."""
    from kwartier.adapters.meter_files import LIMIT_BYTES, UnreadableMeterFile
    from kwartier.adapters.meter_files.day_ahead_csv import read_day_ahead_csv

    data = read_bytes(source, LIMIT_BYTES)
    if data.lstrip().startswith(b"{"):
        return _day_ahead_of_json(source)
    try:
        return read_day_ahead_csv(data)
    except UnreadableMeterFile as fault:
        raise UnreadableFile(f"{name_of(source)}: {fault}") from None


def _day_ahead_of_json(source: Path) -> "tuple[DayAheadPrices | None, list[Finding]]":
    from kwartier.planning.request import DayAhead
    from kwartier.site.finding import Finding
    from kwartier.tariffs.billing import DayAheadPrices

    document, findings = read_document(DayAhead, source)
    if document is None:
        return None, findings
    try:
        return DayAheadPrices.of(document.start, document.eur_per_mwh, document.resolution), []
    except ValueError as fault:
        return None, [Finding("bill.day_ahead", "ERROR", "$.resolution", str(fault), document.resolution)]


def _read_sheets(folders: list[Path]) -> "tuple[TariffSheets, list[Finding]]":
    from kwartier.tariffs.sheets import TariffSheets

    for folder in folders:
        if not folder.is_dir():
            raise UnreadableFile(f"{folder}: there is no such folder; name one with tariff sheets (*.toml)")
    sheets = TariffSheets(folders)
    return sheets, [
        replace(finding, message=f"{path}: {finding.message}") for path, finding in sheets.own_findings
    ]
