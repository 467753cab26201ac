"""What all months of a bill have in common."""

from dataclasses import dataclass
from datetime import tzinfo

from kwartier.site.document import Site
from kwartier.tariffs.billing.day_ahead import DayAheadPrices
from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.billing.peak_history import PeakHistory
from kwartier.tariffs.meter import MeterSeries
from kwartier.tariffs.sheets import TariffSheets


@dataclass(frozen=True)
class BillInput:
    """The site, its meter and all that is known beside them; `history` computes each month's peak once."""

    site: Site
    meter: MeterSeries
    timezone: tzinfo
    facts: BillFacts
    day_ahead: DayAheadPrices | None
    sheets: TariffSheets
    history: PeakHistory
