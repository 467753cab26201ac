"""`simulate`: one site, one period, one policy; the same arguments give the same result."""

from collections.abc import Callable, Mapping

from kwartier.planning.loop_options import IN_THE_LOOP, TOLD_EVERYTHING
from kwartier.simulation.any_current import with_any_current
from kwartier.simulation.disturbance import UNDISTURBED, Disturbance
from kwartier.simulation.oracle import oracle_run
from kwartier.simulation.outlook.knowledge import PERFECT, Knowledge
from kwartier.simulation.outlook.peak_floor import PeakFloor
from kwartier.simulation.outlook.site_outlook import SiteOutlook
from kwartier.simulation.period import Period, closed
from kwartier.simulation.policies.day_ahead_plan import DayAheadPlan
from kwartier.simulation.policies.equal_share import EqualShare
from kwartier.simulation.policies.first_come_first_served import FirstComeFirstServed
from kwartier.simulation.policies.policy import Policy
from kwartier.simulation.policies.receding_horizon import RecedingHorizon
from kwartier.simulation.policies.self_consumption import SelfConsumption
from kwartier.simulation.policies.solar_surplus import SolarSurplus
from kwartier.simulation.policies.uncontrolled import Uncontrolled
from kwartier.simulation.policy_run import Naming, run_policy
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import PolicyRun
from kwartier.simulation.whole_period import hindsight

ORACLE, ANY_CURRENT = "oracle", "receding_horizon_any_current"


def planning_policy(
    fit: RecordedSite,
    period: Period,
    knowledge: Knowledge,
    given_floor_w: Mapping[str, float] | None = None,
) -> RecedingHorizon:
    """The planner in receding horizon; `given_floor_w` is the month's peak of each connection, where it is lent."""
    floor = PeakFloor(fit, given_floor_w)
    options = TOLD_EVERYTHING if knowledge.is_complete else IN_THE_LOOP
    return RecedingHorizon(SiteOutlook(fit, knowledge, floor, period.end_s, options))


def _day_ahead(fit: RecordedSite, period: Period) -> Policy:
    outlook = SiteOutlook(fit, Knowledge(), PeakFloor(fit), period.end_s)
    return DayAheadPlan(fit.configuration, outlook)


def _lent_peak(fit: RecordedSite, period: Period) -> Policy:
    """What perfect forecasts leave of the regret when the month's peak is known too."""
    return planning_policy(fit, period, PERFECT, hindsight(fit, period).highest_offtake_w)


POLICIES: Mapping[str, Callable[[RecordedSite, Period], Policy]] = {
    "uncontrolled": lambda fit, _: Uncontrolled(fit.configuration),
    "equal_share": lambda fit, _: EqualShare(fit.configuration),
    "first_come_first_served": lambda fit, _: FirstComeFirstServed(fit.configuration),
    "solar_surplus": lambda fit, _: SolarSurplus(fit.configuration),
    "self_consumption": lambda fit, _: SelfConsumption(fit.configuration),
    "day_ahead_plan": _day_ahead,
    "receding_horizon": lambda fit, period: planning_policy(fit, period, Knowledge()),
    "receding_horizon_perfect": lambda fit, period: planning_policy(fit, period, PERFECT),
    "receding_horizon_lent_peak": _lent_peak,
    ANY_CURRENT: _lent_peak,
}
"""Every policy by its name; the oracle is none, for it decides nothing step by step."""


def simulate(
    recorded: RecordedSite,
    period: Period,
    policy: str,
    *,
    seed: int = 0,
    disturbance: Disturbance = UNDISTURBED,
) -> PolicyRun:
    """The site in the period under the policy of that name, or `oracle`; `seed` is what the recorded site was made of.

    `disturbance` makes meters and messages as imperfect as it says; the oracle knows everything all the same.
    Raises KeyError for a name that is none, ValueError where a series does not cover the period, and InvalidRequest
    where a policy that plans finds the site wrong.
    """
    fit = closed(with_any_current(recorded) if policy == ANY_CURRENT else recorded, period)
    naming = Naming(policy, seed)
    if policy == ORACLE:
        return oracle_run(fit, period, naming)
    return run_policy(fit, period, POLICIES[policy](fit, period), naming, disturbance)
