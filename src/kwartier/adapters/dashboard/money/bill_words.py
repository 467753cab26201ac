"""What a bill's groups and lines are called."""

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.figures import THIN, Figures
from kwartier.tariffs.billing import BillLine

# As the lines of a bill follow one another on an invoice.
GROUPS = (
    "energy",
    "grid",
    "transmission",
    "public_service",
    "surcharges",
    "data_management",
    "injection",
    "levies",
)


def group_name(group: str, words: Words) -> str:
    """The name of a group; one that no catalogue has is shown by its id."""
    return words.text_by_key.get(f"bill_group.{group}", group.replace("_", " "))


def line_name(component: str, words: Words) -> str:
    """The name of a line: each part of its id that a catalogue has in words, the rest as it is."""
    parts = component.split(".")
    return ": ".join(words.text_by_key.get(f"bill_line.{part}", part.replace("-", " ")) for part in parts)


def quantity_text(line: BillLine, figures: Figures) -> str:
    """How much of a line there is; what is counted, such as months, by its word in the reader's language."""
    decimals_count = 0 if line.quantity == line.quantity.to_integral_value() else 1
    number, words = figures.number(float(line.quantity), decimals_count), figures.words
    if f"bill_unit.{line.unit}.other" in words.text_by_key:
        return words(f"bill_unit.{line.unit}", count=line.quantity, number=number)
    return f"{number}{THIN}{line.unit}"


def group_rank(group: str) -> int:
    """The place of a group on the page."""
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
