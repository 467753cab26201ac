"""The component `connection_power` is the bill's affair alone."""

from kwartier.tariffs.components import ConnectionPower
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import NOTHING, Charges


def marginal(_component: ConnectionPower, _asked: Asked) -> Charges:
    """Nothing: the class of a connection is the same whatever is taken."""
    return NOTHING
