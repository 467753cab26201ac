"""The months of one policy as one run."""

from collections.abc import Sequence
from itertools import pairwise

from kwartier.simulation.result import ConnectionEnergies, PolicyRun, RunMoney

SERIES = ("energy_wh_by_device", "charge_percent_by_battery")


def joined_run(months: Sequence[PolicyRun]) -> PolicyRun:
    """Runs that follow each other, of one site, policy and seed, as one: series and lists in order, money added.

    Each month began with the batteries as the first one did, so a battery's line may step where months meet. The bound
    is the sum of the months', null where one lacks it. Raises ValueError where they do not follow each other.
    """
    first, last = months[0], months[-1]
    if len({(one.site_id, one.policy, one.seed) for one in months}) != 1 or any(
        before.end != after.start for before, after in pairwise(months)
    ):
        raise ValueError(
            "runs to be joined are of one site, policy and seed, and follow each other without a gap"
        )
    bounds_eur = [one.bound_eur for one in months if one.bound_eur is not None]
    return first.model_copy(
        update={
            "end": last.end,
            "connections": {
                root: ConnectionEnergies(
                    offtake_wh=[wh for one in months for wh in one.connections[root].offtake_wh],
                    injection_wh=[wh for one in months for wh in one.connections[root].injection_wh],
                )
                for root in first.connections
            },
            **{field: _in_a_row(months, field) for field in SERIES},
            "cars": [car for one in months for car in one.cars],
            "breaches": [breach for one in months for breach in one.breaches],
            "bills": [bill for one in months for bill in one.bills],
            "money": _added(months),
            "bound_eur": sum(bounds_eur) if len(bounds_eur) == len(months) else None,
            "plan_count": sum(one.plan_count for one in months),
            "processor_s": sum(one.processor_s for one in months),
            "warnings": list(dict.fromkeys(warning for one in months for warning in one.warnings)),
        }
    )


def _in_a_row(months: Sequence[PolicyRun], field: str) -> dict[str, list[float]]:
    names = getattr(months[0], field)
    return {name: [value for one in months for value in getattr(one, field)[name]] for name in names}


def _added(months: Sequence[PolicyRun]) -> RunMoney:
    return RunMoney(
        **{name: sum(getattr(one.money, name) for one in months) for name in RunMoney.model_fields}
    )
