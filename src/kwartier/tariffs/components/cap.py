"""The component `cap`: the maximum tariff, above which some components together cannot go."""

from typing import Annotated, Literal

from pydantic import Field

from kwartier.tariffs.components.component import Component, ComponentId
from kwartier.tariffs.components.figure import EurPerKwh


class Cap(Component):
    """A most per kWh of offtake for the components in `covers` together, as a reduction on a bill.

    Amount = −max(0, Σ covered amounts − max(cap (EUR/kWh) × offtake (kWh), least)), with least = floor_kw × price of
    the component `least_of`, prorated like it, and 0 where `least_of` is absent. Of an access power the overrun is not
    covered.

    Source: the Flemish maximum tariff, as two secondary sources describe it (Dastaranov, price_model_low_voltage.md;
    EMHASS issue 540): kW and kWh terms are covered; overrun, reactive energy and data management are not; a low-voltage
    customer always pays the contribution of 2.5 kW. Whether it is settled per month or per year they do not say.
    """

    kind: Literal["cap"]
    price: EurPerKwh
    covers: Annotated[list[ComponentId], Field(min_length=1)]
    least_of: ComponentId | None = None
