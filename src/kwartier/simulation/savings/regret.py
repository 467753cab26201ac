"""How far a policy is from the best that hindsight could do, and what of that which cause holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from kwartier.simulation.result import PolicyRun
from kwartier.units.wire import WireModel

ORACLE = "oracle"
SUBJECT = "receding_horizon"
# From what is really run to the optimum: each next one is freed of the cause beside the one before.
CHAIN: tuple[tuple[str, str], ...] = (
    (SUBJECT, "forecasts"),
    ("receding_horizon_perfect", "month peak"),
    ("receding_horizon_lent_peak", "integrality"),
    ("receding_horizon_any_current", "horizon"),
)


class RegretPart(WireModel):
    """What one cause costs, EUR; of several together where no run tells them apart."""

    causes: list[str]
    amount_eur: float


class Regret(WireModel):
    """Money above the oracle's bound, EUR, and its parts, which sum to it.

    `share` is the regret over the bound; null where that is not positive. `capture_share` is the saving reached over
    the one that the oracle reaches, both against charging on arrival; null without that run or where nothing is to be
    saved.
    """

    subject: str
    bound_eur: float
    regret_eur: float
    share: float | None
    capture_share: float | None
    parts: list[RegretPart]


@dataclass(frozen=True)
class _Link:
    policy: str
    cause: str
    money_eur: float


def regret(runs: Mapping[str, PolicyRun], baseline: str) -> Regret | None:
    """The regret of the planner in receding horizon; None without its run or the oracle's."""
    oracle = runs.get(ORACLE)
    links = [_Link(policy, cause, runs[policy].money.total_eur) for policy, cause in CHAIN if policy in runs]
    if oracle is None or not links or links[0].policy != SUBJECT:
        return None
    bound_eur = oracle.money.total_eur if oracle.bound_eur is None else oracle.bound_eur
    mine_eur = links[0].money_eur
    at_first_eur = runs[baseline].money.total_eur if baseline in runs else None
    return Regret(
        subject=SUBJECT,
        bound_eur=bound_eur,
        regret_eur=mine_eur - bound_eur,
        share=(mine_eur - bound_eur) / bound_eur if bound_eur > 0 else None,
        capture_share=None
        if at_first_eur is None or at_first_eur <= bound_eur
        else (at_first_eur - mine_eur) / (at_first_eur - bound_eur),
        parts=_parts(links, bound_eur),
    )


def _parts(links: list[_Link], bound_eur: float) -> list[RegretPart]:
    """The step from each run to the next; causes whose runs are missing go with the one before them."""
    policies = [policy for policy, _ in CHAIN]
    causes = [cause for _, cause in CHAIN]
    parts = []
    for number, link in enumerate(links):
        last = number + 1 == len(links)
        until = len(CHAIN) if last else policies.index(links[number + 1].policy)
        to_eur = bound_eur if last else links[number + 1].money_eur
        parts.append(
            RegretPart(causes=causes[policies.index(link.policy) : until], amount_eur=link.money_eur - to_eur)
        )
    return parts
