"""The plan request: everything a plan depends on, in one document."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from kwartier.site.document import Site
from kwartier.site.transaction import Transaction
from kwartier.units.instant import Instant
from kwartier.units.phase import PhaseName
from kwartier.units.wire import FromIntegral, WireModel

Resolution = Literal["PT5M", "PT15M", "PT30M", "PT1H"]
RESOLUTION_S: dict[Resolution, int] = {"PT5M": 300, "PT15M": 900, "PT30M": 1800, "PT1H": 3600}

# Far above any market's limits (harmonised day-ahead cap 2025: 4 000 EUR/MWh; floor -500): catches unit mistakes only.
MarketPrice = Annotated[float, Field(ge=-1e6, le=1e6)]
PowerW = Annotated[float, Field(ge=-1e9, le=1e9)]
PositivePowerW = Annotated[float, Field(ge=0, le=1e9)]
EnergyWh = Annotated[float, Field(ge=0, le=1e9)]
StepValues = Annotated[list[PowerW | None], Field(max_length=10_000)]
PriceValues = Annotated[list[MarketPrice | None], Field(max_length=10_000)]


class DayAhead(WireModel):
    """Day-ahead prices of the contract's bidding zone; a null entry is a gap, and a gap inside the horizon an error."""

    start: Instant
    resolution: Resolution = "PT15M"
    eur_per_mwh: PriceValues
    estimated_from: Instant | None = Field(
        default=None, description="From here on the prices are an estimate."
    )


class DirectPrices(WireModel):
    """Prices that replace the contract's energy price; grid fees and levies are not added to them."""

    start: Instant
    resolution: Resolution = "PT15M"
    offtake_eur_per_mwh: PriceValues
    injection_eur_per_mwh: PriceValues = Field(description="Amount paid to the site per MWh injected.")
    estimated_from: Instant | None = None


class SeriesForecast(WireModel):
    """Forecast power in W, positive when consumed, negative when delivered (PV); a total is spread evenly."""

    start: Instant
    resolution: Resolution = "PT15M"
    power_w: StepValues | dict[PhaseName, StepValues]


class BatteryState(WireModel):
    """What a battery reported last; percent of its operational capacity."""

    state_of_charge: Annotated[float, Field(ge=0, le=100)] | None = None


class MonthPeaks(WireModel):
    """The billing month's highest quarter-hour averages so far of one root collector, W, both positive numbers."""

    offtake_w: PositivePowerW = 0.0
    injection_w: PositivePowerW = 0.0
    offtake_w_per_phase: dict[PhaseName, PositivePowerW] | None = None
    injection_w_per_phase: dict[PhaseName, PositivePowerW] | None = None


class QuarterSoFar(WireModel):
    """Energy that the running quarter-hour has already seen at one root collector, Wh, both positive numbers."""

    offtake_wh: EnergyWh = 0.0
    injection_wh: EnergyWh = 0.0
    offtake_wh_per_phase: dict[PhaseName, EnergyWh] | None = None
    injection_wh_per_phase: dict[PhaseName, EnergyWh] | None = None


class SiteState(WireModel):
    """What the site reported: batteries by name, month peaks and the running quarter-hour by root collector."""

    batteries: dict[str, BatteryState] = Field(default_factory=dict)
    month_peaks: dict[str, MonthPeaks] = Field(default_factory=dict)
    quarter_so_far: dict[str, QuarterSoFar] = Field(default_factory=dict)


class ExpectedSession(Transaction):
    """A car that is likely to come: energy and power count times the weight; never gets a setpoint."""

    model_config = ConfigDict(alias_generator=to_camel)

    weight: Annotated[float, Field(gt=0, le=1)] = 1.0


class GridLimit(WireModel):
    """A limit of the grid operator on one collector for some time: one of power (W) or current (A per phase)."""

    collector: str
    start: Instant
    end: Instant
    offtake_w: PositivePowerW | None = None
    injection_w: PositivePowerW | None = None
    current_a: Annotated[float, Field(ge=0, le=1e6)] | None = None

    @model_validator(mode="after")
    def _one_quantity(self) -> "GridLimit":
        if sum(value is not None for value in (self.offtake_w, self.injection_w, self.current_a)) != 1:
            raise ValueError("give exactly one of offtake_w, injection_w, current_a")
        if self.end <= self.start:
            raise ValueError("end must come after start")
        return self


class TariffState(WireModel):
    """What the grid tariff remembers of one root collector, which is a connection of its own."""

    highest_peak_12m_w: PositivePowerW | None = Field(
        default=None,
        description="Highest quarter-hour average of offtake of the last 12 months, the running one included, W; of "
        "a tariff that counts only some hours, in those hours. Absent: the running month's peak.",
    )
    access_power_kw: Annotated[float, Field(ge=0, le=1e6)] | None = Field(
        default=None, description="Declared access power, kW. Absent: the site document's toegangsvermogen."
    )
    year_offtake_kwh: Annotated[float, Field(ge=0, le=1e12)] | None = Field(
        default=None,
        description="Offtake of the calendar year so far, kWh: says which bracket of a levy is reached. Absent: 0.",
    )
    expected_month_peak_w: PositivePowerW | None = Field(
        default=None,
        description="A month's peak that is expected anyway, W: up to it the sheet's peaks cost nothing in a plan.",
    )
    maximum_tariff_binds: bool | None = Field(
        default=None,
        description="Whether the maximum tariff lowers the running month's bill, as the provisional bill says: then "
        "a kW costs nothing and a kWh its price. Absent: it does not.",
    )


class PlanOptions(WireModel):
    """How to plan. `mixed`: quarter-hours for 12 h, then hours. `search_nodes` bounds the search for choices."""

    resolution: Literal["PT15M", "mixed"] = "PT15M"
    configurable_peak_price: bool = True
    stability_eur_per_change: Annotated[float, Field(ge=0, le=1e6)] = Field(
        default=0.01, description="What changing one near setpoint of the previous plan must gain, EUR."
    )
    whole_ampere_poles: list[str] = Field(
        default_factory=list, description="AC poles that take whole amperes only; kept in the executed steps."
    )
    search_nodes: Annotated[int, Field(ge=0, le=1_000_000), FromIntegral] = 200
    readiness_eur_per_kwh_h: Annotated[float, Field(ge=0, le=1.0)] = Field(
        default=0.0,
        description=(
            "What a kWh in a battery is worth for each hour that it stands ready for what no forecast knew, EUR, where "
            "peaks count. It steers the plan, and is no part of its money."
        ),
    )


class PlanRequest(WireModel):
    """A site, a moment, and all that is known of prices, forecasts, state and cars.

    Example: `PlanRequest.model_validate_json(Path("request.json").read_text())`.
    """

    site: Site
    at: Instant = Field(description="The moment from which to plan.")
    timezone: str | None = Field(default=None, description="IANA zone; absent: from country and coordinates.")
    day_ahead: DayAhead | None = None
    prices: DirectPrices | None = None
    forecasts: dict[str, SeriesForecast] = Field(default_factory=dict)
    state: SiteState = SiteState()
    transactions: list[Transaction] = Field(default_factory=list)
    expected_sessions: list[ExpectedSession] = Field(default_factory=list)
    limits: list[GridLimit] = Field(default_factory=list)
    tariff_state: dict[str, TariffState] = Field(default_factory=dict)
    options: PlanOptions = PlanOptions()
