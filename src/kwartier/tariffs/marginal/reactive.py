"""The component `reactive` is the bill's affair alone."""

from kwartier.tariffs.components import Reactive
from kwartier.tariffs.marginal.asked import Asked
from kwartier.tariffs.marginal.charges import NOTHING, Charges


def marginal(_component: Reactive, _asked: Asked) -> Charges:
    """Nothing: a plan decides no reactive energy."""
    return NOTHING
