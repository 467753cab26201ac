"""A Belgian two-rate contract: day and night hours, by the calendar of the grid area."""

from typing import Annotated

from kwartier.site.contracts.contract import PriceEurPerMwh
from kwartier.units.wire import Known, WireModel

TYPE = "day_night_be"


class DayNightBeContract(WireModel):
    """EUR/MWh by day and by night. The injection "cost" is the amount paid to the site (decided)."""

    contract_type: Annotated[str, Known((TYPE,))]
    day_offtake_cost_per_mwh: PriceEurPerMwh
    night_offtake_cost_per_mwh: PriceEurPerMwh
    day_injection_cost_per_mwh: PriceEurPerMwh
    night_injection_cost_per_mwh: PriceEurPerMwh
