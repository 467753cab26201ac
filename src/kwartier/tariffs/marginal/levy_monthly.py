"""The component `levy_monthly` is the bill's affair alone."""

from kwartier.tariffs.components import LevyMonthly
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import NOTHING, Charges


def marginal(_component: LevyMonthly, _asked: Asked) -> Charges:
    """Nothing: an amount per month is the same whatever is taken."""
    return NOTHING
