"""A contract with one price for offtake and one for injection."""

from typing import Annotated

from kwartier.site.contracts.contract import PriceEurPerMwh
from kwartier.units.wire import Known, WireModel

TYPE = "fixed"


class FixedContract(WireModel):
    """EUR/MWh at every hour. The injection "cost" is the amount paid to the site; negative: the site pays (decided)."""

    contract_type: Annotated[str, Known((TYPE,))]
    fixed_offtake_cost_per_mwh: PriceEurPerMwh
    fixed_injection_cost_per_mwh: PriceEurPerMwh
