"""The report of several policies on one site and period: a document, and the page of an adapter is drawn from it."""

from collections.abc import Sequence

from kwartier.simulation.result import PolicyRun
from kwartier.simulation.savings.bill_comparison import ComparedBill, compared_bill
from kwartier.simulation.savings.policy_summary import PolicySummary, policy_summary
from kwartier.simulation.savings.regret import SUBJECT, Regret, regret
from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel

UNCONTROLLED = "uncontrolled"


class Saving(WireModel):
    """What the subject saves against another policy, EUR of what policies can change; null where nothing is paid.

    `share` is the saving over what the other pays.
    """

    against: str
    saving_eur: float
    share: float | None


class SavingsReport(WireModel):
    """Policies on one site from `start` to `end`, the same cars, prices and weather for all.

    `subject` is the policy that the savings are of. `timezone` is the site's, IANA.
    """

    site_id: str
    site_name: str
    timezone: str
    start: Instant
    end: Instant
    seed: int
    subject: str
    savings: list[Saving]
    regret: Regret | None
    bill: ComparedBill
    policies: list[PolicySummary]


def savings_report(
    runs: Sequence[PolicyRun], *, site_name: str, timezone: str, subject: str | None = None
) -> SavingsReport:
    """The report of runs of one site, period and seed, in the order given.

    `subject` is the planner in receding horizon where it is among them, else the last one. Raises ValueError where
    there are no runs, or they are not of one site, period and seed.
    """
    if len({(run.site_id, run.start, run.end, run.seed) for run in runs}) != 1:
        raise ValueError(
            "a report compares runs of one site, one period and one seed, and at least one of them"
        )
    by_policy = {run.policy: run for run in runs}
    chosen = subject or (SUBJECT if SUBJECT in by_policy else runs[-1].policy)
    mine_eur = by_policy[chosen].money.total_eur
    return SavingsReport(
        site_id=runs[0].site_id,
        site_name=site_name,
        timezone=timezone,
        start=runs[0].start,
        end=runs[0].end,
        seed=runs[0].seed,
        subject=chosen,
        savings=[_saving(run, mine_eur) for run in runs if run.policy != chosen],
        regret=regret(by_policy, UNCONTROLLED),
        bill=compared_bill(runs),
        policies=[policy_summary(run) for run in runs],
    )


def _saving(other: PolicyRun, mine_eur: float) -> Saving:
    paid_eur = other.money.total_eur
    share = (paid_eur - mine_eur) / paid_eur if paid_eur > 0 else None
    return Saving(against=other.policy, saving_eur=paid_eur - mine_eur, share=share)
