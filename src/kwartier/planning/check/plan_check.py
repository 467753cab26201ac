"""The check that is not the planner: a plan against its request, limit by limit, Wh by Wh, EUR by EUR."""

import numpy as np

from kwartier.planning.check.balance import check_balance, plan_outcome
from kwartier.planning.check.batteries import check_batteries, stored_wh_by_battery
from kwartier.planning.check.charging import check_charging
from kwartier.planning.check.facts import Facts, read_facts
from kwartier.planning.check.limits import check_limits, limit_rows
from kwartier.planning.check.money import check_money, money_of
from kwartier.planning.check.objective import check_objective
from kwartier.planning.check.peaks import peaks
from kwartier.planning.check.result import CheckResult, Report
from kwartier.planning.check.shape import check_identity, check_shape
from kwartier.planning.check.tolerances import MONEY, PRICE
from kwartier.planning.check.uncontrolled import uncontrolled
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.plan import Money, Plan
from kwartier.planning.request import PlanRequest


def check_plan(request: PlanRequest, plan: Plan) -> CheckResult:
    """Judge a plan by its request alone, sharing no code with the planner.

    Returns every violation of docs/decisions/0003-what-the-planner-means-exactly.md (all limits, energy balances,
    objective levels and costs, recomputed) and the recomputed money. A request that cannot be planned gives the
    violation `request.unusable`; a plan whose arrays are missing or short is judged by its shape only. Never raises
    for a pair of valid documents. Example: `check_plan(request, plan(request)).violations == []`.
    """
    report = Report()
    try:
        facts = read_facts(request)
        reference = uncontrolled(facts)
    except UnusableRequestError as error:
        report.add("request.unusable", "request", f"no plan of this request can be right: {error}")
        return CheckResult(report.violations, None, None)
    uncontrolled_money = money_of(facts, reference)
    rates = [peak.price_eur_per_kw or 0.0 for peak in peaks(facts, reference.average)]
    check_identity(facts, plan, report)
    money = _check_arrays(facts, plan, report) if check_shape(facts, plan, report) else None
    if money is not None:
        check_money("money", "cost of the plan", plan.money, money, sum(rates), report)
        said, total = plan.objective.money_eur, plan.money.total
        report.equal("objective.money_eur", "objective.money_eur", "objective, money", said, total, MONEY)
    words = "cost of the uncontrolled site"
    check_money("uncontrolled_money", words, plan.uncontrolled_money, uncontrolled_money, sum(rates), report)
    return CheckResult(report.violations, money, uncontrolled_money)


def _check_arrays(facts: Facts, plan: Plan, report: Report) -> Money:
    """Check all that stands in a plan of the right shape; its money, recomputed."""
    outcome = plan_outcome(facts, plan)
    stored_wh = stored_wh_by_battery(facts, plan)
    check_charging(facts, plan, outcome.charged_wh, report)
    check_batteries(facts, plan, stored_wh, report)
    check_balance(facts, plan, outcome, report)
    rows = limit_rows(facts.limits, facts.fixed, outcome.running, facts.grid)
    check_limits(rows, plan.limit_violations, report)
    _check_prices(facts, plan, report)
    check_objective(facts, plan.objective, outcome, rows, stored_wh, report)
    return money_of(facts, outcome)


def _check_prices(facts: Facts, plan: Plan, report: Report) -> None:
    if facts.prices is None or plan.prices is None:
        if (facts.prices is None) != (plan.prices is None):
            seen, wanted = ("none", "some") if plan.prices is None else ("some", "none")
            report.add("prices", "prices", f"the plan lists {seen} energy prices, the request gives {wanted}")
        return
    for side in ("offtake_eur_per_mwh", "injection_eur_per_mwh"):
        seen_prices, counted = np.array(getattr(plan.prices, side)), getattr(facts.prices, side)
        if len(seen_prices) != len(counted):
            text = f"prices.{side} has {len(seen_prices)} entries for {len(counted)} steps"
            report.add(
                "shape.length", f"prices.{side}", text, observed=len(seen_prices), allowed=len(counted)
            )
            continue
        report.equal_steps("prices", f"prices.{side}", f"price, {side}", seen_prices, counted, PRICE)
