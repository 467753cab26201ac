"""Findings, violations and money as a person reads them, 80 columns wide or more, in plain letters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from kwartier.adapters.cli.terminal import visible

if TYPE_CHECKING:
    from kwartier.planning.check import Violation
    from kwartier.planning.plan import Money
    from kwartier.site.finding import Finding

MOST_SHOWN = 20

LINES = box.Box("    \n    \n -- \n    \n -- \n    \n    \n    \n", ascii=True)
"""A line of hyphens below the head and above the last section, nothing else: it looks the same in every encoding."""

_TERMS = {
    "energy": "Energy",
    "grid": "Grid fees",
    "levies": "Levies",
    "peaks": "Peaks (capacity)",
    "revenue": "Charging revenue",
    "terminal_value": "Value left in batteries",
}
_HALF_CENT_EUR = 0.005
_SEVERITY_STYLES = {"ERROR": "bold red", "WARNING": "bold yellow"}


def counted(number: int, noun: str) -> str:
    """«1 error», «2 errors», «no error»."""
    return f"no {noun}" if number == 0 else f"{number:,} {noun}{'' if number == 1 else 's'}"


def euro(amount_eur: float) -> str:
    """«-12.35»: to the cent, and never «-0.00»."""
    return f"{0.0 if abs(amount_eur) < _HALF_CENT_EUR else amount_eur:,.2f}"


def kilo(power_w: float) -> str:
    """«63.8» for 63 794 W (or Wh): thousands, to the tenth, and never «-0.0»."""
    return f"{round(power_w / 1000.0, 1) + 0.0:,.1f}"


def finding_list(findings: "Sequence[Finding]") -> Table:
    """Errors first; of each the place, what is wrong and what to do, and the rule's id."""
    ordered = sorted(findings, key=lambda finding: finding.severity != "ERROR")
    return _list(
        (finding.severity, finding.path, finding.message, finding.rule, finding.allowed)
        for finding in ordered
    )


def violation_list(violations: "Sequence[Violation]") -> Table:
    """Of each violation the place in the plan, what was seen and is allowed, and the rule's id."""
    return _list(
        ("VIOLATION", violation.path, violation.message, violation.rule, violation.allowed)
        for violation in violations
    )


def _list(entries: Iterable[tuple[str, str, str, str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, path, message, rule, allowed in islice(entries, MOST_SHOWN):
        body = Text().append(visible(path), style="bold").append(f"\n{visible(message)}\n")
        body.append(_small_print(rule, message, allowed), style="dim").append("\n")
        table.add_row(Text(label, style=_SEVERITY_STYLES.get(label, "bold red")), body)
    return table


def _small_print(rule: str, message: str, allowed: Any) -> str:
    """The rule, and what it allows where the message does not say so."""
    parts = list(_allowed(allowed))
    if not parts or all(part in message for part in parts):
        return f"rule {rule}"
    return visible(f"rule {rule}; allowed: {', '.join(parts)}")


def _allowed(allowed: Any) -> Iterator[str]:
    """What is allowed, in words; a number stands in the message."""
    if isinstance(allowed, list | tuple):
        yield from (str(one) for one in allowed)
    elif isinstance(allowed, str):
        yield allowed


def more_than_shown(count: int) -> str | None:
    """The line below a list that was cut, None where it is whole."""
    hidden = count - MOST_SHOWN
    return f"... and {hidden:,} more; --json lists them all" if hidden > 0 else None


def money_table(planned: "Money", arrival: "Money") -> Table:
    """Costs by term in EUR: planned, with charging on arrival, and what the plan changes. Empty terms are left out."""
    table = number_table("EUR", "planned", "on arrival", "difference")
    costs, on_arrival = planned.model_dump(), arrival.model_dump()
    for name, words in _TERMS.items():
        amounts_eur = costs[name], on_arrival[name]
        if any(abs(amount_eur) >= _HALF_CENT_EUR for amount_eur in amounts_eur):
            table.add_row(words, *_amounts(*amounts_eur))
    table.add_section()
    table.add_row("Total", *_amounts(planned.total, arrival.total), style="bold")
    return table


def _amounts(planned_eur: float, arrival_eur: float) -> tuple[str, str, str]:
    return euro(planned_eur), euro(arrival_eur), euro(planned_eur - arrival_eur)


def number_table(*heads: str) -> Table:
    """A table without frames: names on the left, figures aligned on the right."""
    table = Table(box=LINES, header_style="dim", show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", overflow="fold")
    return table
