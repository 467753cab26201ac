"""A contract that follows the day-ahead market: coefficient x price + constant."""

from typing import Annotated

from pydantic import Field

from kwartier.site.contracts.contract import PriceEurPerMwh
from kwartier.units.wire import Known, WireModel

TYPE = "dynamic"

Coefficient = Annotated[float, Field(ge=-100, le=100)]


class DynamicContract(WireModel):
    """EUR/MWh = coefficient x day-ahead + constant (decided); the injection amount is paid to the site."""

    contract_type: Annotated[str, Known((TYPE,))]
    offtake_coefficient: Coefficient = 1.0
    offtake_constant_cost_per_mwh: PriceEurPerMwh = 0.0
    injection_coefficient: Coefficient = 1.0
    injection_constant_cost_per_mwh: PriceEurPerMwh = 0.0
    bidding_zone: str = "BE"
