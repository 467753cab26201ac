"""What every component of a sheet or levy has in common."""

from typing import Annotated, Literal

from pydantic import Field

from kwartier.units.wire import WireModel

Group = Literal[
    "grid", "transmission", "public_service", "surcharges", "data_management", "injection", "levies"
]
"""The heading that a component stands under on a bill."""

MONEY_TERM_BY_GROUP: dict[Group, Literal["grid", "levies"]] = {
    "grid": "grid",
    "transmission": "grid",
    "public_service": "grid",
    "surcharges": "grid",
    "data_management": "grid",
    "injection": "grid",
    "levies": "levies",
}
"""The term of a plan's money under which each group counts."""

ComponentId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Component(WireModel):
    """One term of a tariff. `vat`: `standard` carries the customer's rate, `none` is free of VAT.

    Amounts are EUR without VAT. Peaks and energies are those of the whole connection: per quarter-hour the sum over the
    phases and root boards, offtake and injection apart.
    """

    id: ComponentId
    group: Group
    vat: Literal["standard", "none"] = "standard"
    label: str | None = Field(default=None, description="What the operator's own sheet calls the term.")


class HourWindow(WireModel):
    """The hours in which a peak counts: those of the named periods of a time-of-use calendar."""

    calendar: str
    periods: Annotated[list[str], Field(min_length=1)]
