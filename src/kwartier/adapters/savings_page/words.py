"""Names and amounts as people read them."""

import html
from datetime import datetime
from zoneinfo import ZoneInfo

POLICIES = {
    "uncontrolled": "Charging on arrival",
    "equal_share": "Equal share",
    "first_come_first_served": "First come, first served",
    "solar_surplus": "Solar surplus",
    "self_consumption": "Equal share, battery for own use",
    "day_ahead_plan": "Plan of the day before",
    "receding_horizon": "kwartier",
    "receding_horizon_perfect": "kwartier, perfect forecasts",
    "receding_horizon_lent_peak": "kwartier, told the month’s peak too",
    "receding_horizon_any_current": "kwartier, told all, any current",
    "oracle": "Hindsight optimum",
}
CAUSES = {
    "forecasts": "forecasts that were wrong",
    "month peak": "a month’s peak that was not known",
    "integrality": "no current between 0 and 6 A",
    "horizon": "an end of sight after a day or two",
}
# Okabe and Ito, «Color Universal Design» (2008); a `var(--name)` differs between the light and the dark page.
COLOURS = ("var(--grey)", "var(--orange)", "#cc79a7", "#e6b400", "#8c6d31", "#8a5fbf")
SUBJECT_COLOUR, ORACLE_COLOUR = "var(--blue)", "var(--green)"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def policy_name(policy: str) -> str:
    """What people call a policy."""
    return POLICIES.get(policy, policy.replace("_", " ").capitalize())


def colours(policies: list[str], subject: str) -> dict[str, str]:
    """A colour for each policy: its own for the subject and the oracle, others in turn."""
    rest = [one for one in policies if one not in (subject, "oracle")]
    found = {one: COLOURS[number % len(COLOURS)] for number, one in enumerate(rest)}
    return found | {"oracle": ORACLE_COLOUR, subject: SUBJECT_COLOUR}


def number(value: float | None, form: str) -> str:
    """A number with a real minus sign, a dash where it is not known, and never a negative zero."""
    if value is None:
        return "–"
    text = format(value, form)
    is_zero = not any(digit in text for digit in "123456789")
    return text.lstrip("-") if is_zero else text.replace("-", "−")


def euro(amount_eur: float | None) -> str:
    """«−1,234.56»."""
    return number(amount_eur, ",.2f")


def percent(share: float | None) -> str:
    """«12.3 %» of a share of 0.123."""
    return "–" if share is None else f"{number(100.0 * share, '.1f')} %"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """«Mon 3 Mar 07:45» by the site's clocks."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def text(value: str) -> str:
    """Text of the data, safe in HTML."""
    return html.escape(value)
