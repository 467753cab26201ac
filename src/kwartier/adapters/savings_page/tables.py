"""The tables and the tiles of the report as HTML; text of the data is escaped."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kwartier.adapters.savings_page.words import CAUSES, euro, moment, number, percent, policy_name, text
from kwartier.simulation.result import LimitBreach
from kwartier.simulation.savings import SavingsReport
from kwartier.simulation.savings.policy_summary import PolicySummary
from kwartier.simulation.savings.regret import ORACLE, Regret

MOST_BREACHES = 20
# Per quarter-hour of the period: what full cars and rounding explain.
SMALL_WH = 1.0


def tiles(report: SavingsReport) -> str:
    """The subject's saving, regret, energy, peak and violations."""
    subject = next(one for one in report.policies if one.policy == report.subject)
    return "".join(_tiles(report, subject))


def _tiles(report: SavingsReport, subject: PolicySummary) -> Iterator[str]:
    for saving in report.savings:
        if saving.against in ("uncontrolled", "self_consumption"):
            tone = "good" if saving.saving_eur > 0 else "bad"
            detail = f"{percent(saving.share)} less than «{policy_name(saving.against)}»"
            yield _tile("Saved", f"{euro(saving.saving_eur)} EUR", detail, tone)
    if report.regret is not None:
        detail = f"{euro(report.regret.regret_eur)} EUR above the hindsight optimum"
        yield _tile("Regret", percent(report.regret.share), detail)
    cars = subject.cars
    plural = "" if cars.car_count == 1 else "s"
    yield _tile(
        "Charged",
        f"{number(cars.charged_wh / 1000, ',.0f')} kWh",
        f"{cars.car_count} car{plural}, {number(cars.unserved_wh / 1000, ',.1f')} kWh short",
        "bad" if cars.short_count else "good",
    )
    highest = max(subject.peaks, key=lambda one: one.offtake_w)
    when = moment(highest.at, ZoneInfo(report.timezone))
    yield _tile("Highest quarter-hour", f"{number(highest.offtake_w / 1000, ',.1f')} kW", when)
    count = subject.avoidable_breach_count
    detail = (
        "every limit was kept"
        if not subject.breaches
        else f"and {len(subject.breaches) - count} of the load alone"
    )
    yield _tile("Limit violations", str(count), detail, "bad" if count else "good")


def _tile(label: str, value: str, detail: str, tone: str = "") -> str:
    return (
        f'<div class="tile {tone}"><div class="label">{text(label)}</div>'
        f'<div class="value">{text(value)}</div><div class="detail">{text(detail)}</div></div>'
    )


def policy_table(report: SavingsReport) -> str:
    """One row per policy: money, energy, peaks, sun, batteries, violations."""
    head = (
        "Policy",
        "Costs, EUR",
        "Bill with VAT, EUR",
        "Charged, kWh",
        "Short, kWh",
        "Cars short",
        "Peak, kW",
        "Own sun used",
        "Battery cycles",
        "Battery, start → end",
        "Violations",
    )
    rows = "".join(_policy_row(one, is_subject=one.policy == report.subject) for one in report.policies)
    return _table([text(one) for one in head], rows)


def _policy_row(one: PolicySummary, *, is_subject: bool) -> str:
    cells = [
        euro(one.money_eur),
        euro(one.bill_eur),
        number(one.cars.charged_wh / 1000, ",.0f"),
        number(one.cars.unserved_wh / 1000, ",.1f"),
        f"{one.cars.short_count} of {one.cars.car_count}",
        " / ".join(number(peak.offtake_w / 1000, ",.1f") for peak in one.peaks),
        percent(one.self_consumed_share),
        " / ".join(number(battery.cycle_count, ".1f") for battery in one.batteries) or "–",
        " / ".join(f"{battery.first_percent:.0f} → {battery.last_percent:.0f} %" for battery in one.batteries)
        or "–",
        str(one.avoidable_breach_count),
    ]
    bad = {3: one.cars.short_count > 0, 9: one.avoidable_breach_count > 0}
    tds = "".join(
        f'<td class="{"bad" if bad.get(place) else ""}">{text(cell)}</td>' for place, cell in enumerate(cells)
    )
    return f'<tr class="{"subject" if is_subject else ""}"><th>{text(policy_name(one.policy))}</th>{tds}</tr>'


def bill_table(report: SavingsReport) -> str:
    """The bill of each policy, line by line."""
    bill = report.bill
    if not bill.lines:
        return '<p class="none">No bill: the site has no contract and no grid operator.</p>'
    roots = {line.root for line in bill.lines}
    rows = "".join(
        f"<tr><th>{text(line.component)}{' – ' + text(line.root) if len(roots) > 1 else ''}</th>"
        + "".join(
            f"<td>{euro(amount_eur)}<small>{_quantity(quantity, line.unit)}</small></td>"
            for amount_eur, quantity in zip(line.amount_eur, line.quantity, strict=True)
        )
        + "</tr>"
        for line in bill.lines
    )
    sums = (
        ("Together, without VAT", bill.total_excl_vat_eur),
        ("VAT", bill.vat_eur),
        ("To pay", bill.total_eur),
    )
    rows += "".join(
        f'<tr class="total"><th>{name}</th>{"".join(f"<td>{euro(one)}</td>" for one in amounts_eur)}</tr>'
        for name, amounts_eur in sums
    )
    return _table(["EUR", *(text(policy_name(one)) for one in bill.policies)], rows)


def _quantity(quantity: float | None, unit: str) -> str:
    return "" if quantity is None else f"{number(quantity, ',.1f')} {text(unit)}"


def regret_table(report: SavingsReport) -> str:
    """The causes of the regret with a bar each, and what makes it less than comparable."""
    found = report.regret
    if found is None:
        return '<p class="none">Needs a run of the planner and one of the oracle.</p>'
    largest_eur = max(abs(part.amount_eur) for part in found.parts) or 1.0
    rows = "".join(
        f"<tr><th>{text('; '.join(CAUSES.get(cause, cause) for cause in part.causes))}</th>"
        f'<td class="bar"><i style="width:{100 * abs(part.amount_eur) / largest_eur:.1f}%"></i></td>'
        f"<td>{euro(part.amount_eur)}</td></tr>"
        for part in found.parts
    )
    name = f"Above {euro(found.bound_eur)} EUR"
    rows += f'<tr class="total"><th>{name}</th><td></td><td>{euro(found.regret_eur)}</td></tr>'
    notes = "".join(f'<p class="note">{note}</p>' for note in _regret_notes(report, found))
    return _table(["Cause", "", "EUR"], rows) + notes


def _regret_notes(report: SavingsReport, found: Regret) -> Iterator[str]:
    if found.capture_share is not None:
        yield f"{percent(found.capture_share)} of the saving that the optimum reaches."
    charged_wh = {one.policy: one.cars.charged_wh for one in report.policies}
    less_wh = charged_wh[ORACLE] - charged_wh[found.subject]
    if abs(less_wh) > SMALL_WH * len(report.policies[0].net_power_w):
        more = "less" if less_wh > 0 else "more"
        amount = number(abs(less_wh) / 1000, ",.1f")
        yield f"It charged {amount} kWh {more} than the optimum, which money alone does not show."


def breach_list(report: SavingsReport) -> str:
    """Limits that were not kept, by policy; always shown."""
    zone, parts = ZoneInfo(report.timezone), []
    for one in report.policies:
        if not one.breaches:
            parts.append(f"<p><b>{text(policy_name(one.policy))}</b>: every limit was kept.</p>")
            continue
        worst = sorted(one.breaches, key=lambda breach: breach.limit_a - breach.current_a)[:MOST_BREACHES]
        items = "".join(f"<li>{_breach_words(breach, zone)}</li>" for breach in worst)
        more = len(one.breaches) - len(worst)
        parts.append(
            f"<details><summary><b>{text(policy_name(one.policy))}</b>: {len(one.breaches)} quarter-hours of a line, "
            f"{one.avoidable_breach_count} of them avoidable</summary><ul>{items}</ul>"
            f"{f'<p class=note>and {more} smaller ones</p>' if more else ''}</details>"
        )
    return "".join(parts)


def _breach_words(breach: LimitBreach, zone: ZoneInfo) -> str:
    observed = f"{breach.current_a:.1f} A, limit {breach.limit_a:g} A"
    fault = "" if breach.is_avoidable else " (nobody could have kept it)"
    return f"{text(breach.board)} {text(breach.phase)}, {moment(breach.at, zone)}: {observed}{fault}"


def warning_list(report: SavingsReport) -> str:
    """All warnings of all runs, each once."""
    found = list(dict.fromkeys(warning for one in report.policies for warning in one.warnings))
    if not found:
        return '<p class="none">No warnings.</p>'
    return f"<ul>{''.join(f'<li>{text(one)}</li>' for one in found)}</ul>"


def _table(head: list[str], rows: str) -> str:
    cells = "".join(f"<th>{one}</th>" for one in head)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>'
