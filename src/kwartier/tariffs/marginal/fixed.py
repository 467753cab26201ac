"""The component `fixed` is the bill's affair alone."""

from kwartier.tariffs.components import Fixed
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import NOTHING, Charges


def marginal(_component: Fixed, _asked: Asked) -> Charges:
    """Nothing: an amount per year or month is the same whatever is taken."""
    return NOTHING
