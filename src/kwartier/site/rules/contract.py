"""Energy contracts: injection that is paid better than offtake costs."""

from collections.abc import Iterator
from typing import NamedTuple

from kwartier.site.contracts import Contract
from kwartier.site.contracts.day_night_be import DayNightBeContract
from kwartier.site.contracts.dynamic import DynamicContract
from kwartier.site.contracts.fixed import FixedContract
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey

CONTRACT = "$.configurations.contract"

# Lowest and highest hourly Belgian day-ahead price of 2020 to 2024, EUR/MWh (SMARD.de, Bundesnetzagentur, CC BY 4.0):
# a contract that pays more for injection only at prices that the market does not see needs no warning.
LOWEST_EUR_PER_MWH, HIGHEST_EUR_PER_MWH = -140.0, 871.0


class _Pair(NamedTuple):
    """An injection price above an offtake price: the field, when, and both in EUR/MWh."""

    field: str
    when: str
    injection: float
    offtake: float


@rule(
    "contract.injection_above_offtake",
    "WARNING",
    "injection is paid better than offtake costs in one quarter-hour",
)
def injection_above_offtake(survey: Survey) -> Iterator[Problem]:
    """One problem for each pair of prices that would pay for importing and exporting at once."""
    if not survey.is_whole(CONTRACT):
        return
    for pair in _pairs(survey.site.configurations.contract):
        yield Problem(
            f"{CONTRACT}.{pair.field}",
            f"{pair.when} injection pays {pair.injection:g} EUR/MWh and offtake costs {pair.offtake:g}; the plan "
            "never imports and exports at once, but check the two, and that an injection price is what the site gets",
            pair.injection,
            f"at most {pair.offtake:g}",
        )


def _pairs(contract: Contract | None) -> Iterator[_Pair]:
    if isinstance(contract, FixedContract):
        pairs = [("fixed_injection_cost_per_mwh", "at every hour", *_fixed(contract))]
    elif isinstance(contract, DayNightBeContract):
        pairs = [
            (
                "day_injection_cost_per_mwh",
                "by day",
                contract.day_injection_cost_per_mwh,
                contract.day_offtake_cost_per_mwh,
            ),
            (
                "night_injection_cost_per_mwh",
                "by night",
                contract.night_injection_cost_per_mwh,
                contract.night_offtake_cost_per_mwh,
            ),
        ]
    elif isinstance(contract, DynamicContract):
        pairs = [_worst(contract)]
    else:
        pairs = []
    yield from (_Pair(*pair) for pair in pairs if pair[2] > pair[3])


def _fixed(contract: FixedContract) -> tuple[float, float]:
    return contract.fixed_injection_cost_per_mwh, contract.fixed_offtake_cost_per_mwh


def _worst(contract: DynamicContract) -> tuple[str, str, float, float]:
    """The end of the market's range at which injection is paid best against offtake (both are straight lines)."""

    def injection(day_ahead: float) -> float:
        return contract.injection_coefficient * day_ahead + contract.injection_constant_cost_per_mwh

    def offtake(day_ahead: float) -> float:
        return contract.offtake_coefficient * day_ahead + contract.offtake_constant_cost_per_mwh

    worst = max(LOWEST_EUR_PER_MWH, HIGHEST_EUR_PER_MWH, key=lambda price: injection(price) - offtake(price))
    same = contract.injection_coefficient == contract.offtake_coefficient
    field = "injection_constant_cost_per_mwh" if same else "injection_coefficient"
    return field, f"at a day-ahead price of {worst:g} EUR/MWh", injection(worst), offtake(worst)
