"""Which of two plans is better, level by level, and how much worse than the best its certified gap lets a plan be."""

from kwartier import Plan

# How far apart two plans count as equal at a level: planner.md's 1e-4 kWh or EUR, and what that is in A h and parts.
TOLERANCE_BY_LEVEL = {
    "excess_ah": 1e-3,
    "minimum_energy_wh": 0.1,
    "requested_energy_wh": 0.1,
    "worst_shortage_ratio": 1e-4,
    "expected_energy_wh": 0.1,
    "policies_wh": 0.1,
    "unpriced_peak_kw": 1e-4,
    "money_eur": 1e-4,
}
RELATIVE = 1e-6
PROVEN_GAP = 1e-6


def totals(plan: Plan) -> dict[str, float]:
    """What each level of the objective reached, in order."""
    return {level: float(getattr(plan.objective, level)) for level in TOLERANCE_BY_LEVEL}


def first_difference(plan: Plan, other: Plan, slack_eur: float = 0.0) -> tuple[str, float] | None:
    """The first level at which two plans differ, and by how much the first is worse; None where they are equal.

    `slack_eur` is what the tolerance of the levels above may be worth in money, beyond the money's own tolerance.
    """
    theirs = totals(other)
    for level, total in totals(plan).items():
        margin = max(TOLERANCE_BY_LEVEL[level], RELATIVE * abs(theirs[level]))
        if abs(total - theirs[level]) > margin + (slack_eur if level == "money_eur" else 0.0):
            return level, total - theirs[level]
    return None


def allowed_by_gap(plan: Plan, level: str) -> float:
    """How far a plan's level may lie above the best possible one, by the gap that the plan certifies itself.

    The gap is that of the first level above its bound: with one, nothing is certified below a level with a shortage.
    """
    gap = plan.solve.gap
    if gap <= PROVEN_GAP:
        return 0.0
    reached = totals(plan)
    above = list(reached)[1 : list(reached).index(level)]
    if gap >= 1.0 or any(reached[name] > TOLERANCE_BY_LEVEL[name] for name in above):
        return float("inf")
    return gap * max(abs(reached[level]), 1.0) / (1.0 - gap)


def worse_than_certified(plan: Plan, other: Plan, slack_eur: float = 0.0) -> str | None:
    """How a plan is worse than another by more than its certified gap, in words; None where it is not."""
    difference = first_difference(plan, other, slack_eur)
    if difference is None:
        return None
    level, worse = difference
    if worse <= allowed_by_gap(plan, level):
        return None
    return f"{level} is {worse:.6g} worse, the gap of {plan.solve.gap:.3g} allows {allowed_by_gap(plan, level):.6g}"
