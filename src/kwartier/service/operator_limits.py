"""What the grid operator allows a site: limits for some time, and what holds while nothing is heard from there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from kwartier.control.operator_limits import LEAST_FAILSAFE_S, is_heartbeat_missed
from kwartier.planning.request import GridLimit
from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.tree import electrical_tree
from kwartier.units.wire import WireModel

LimitW = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
LimitA = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class FailsafeLimit(WireModel):
    """What one collector may do at most while nothing is heard of the grid operator: one of power or current."""

    collector: str = Field(description="Name of a collector of the site.")
    offtake_w: LimitW | None = Field(default=None, description="Offtake at most, W.")
    injection_w: LimitW | None = Field(
        default=None, description="Injection at most, W, as a positive number."
    )
    current_a: LimitA | None = Field(default=None, description="Current at most, A on each phase.")

    @model_validator(mode="after")
    def _one_quantity(self) -> "FailsafeLimit":
        if sum(value is not None for value in (self.offtake_w, self.injection_w, self.current_a)) != 1:
            raise ValueError("give exactly one of offtake_w, injection_w, current_a")
        return self


@dataclass(frozen=True)
class OperatorLimits:
    """The limits of a site and when they were said; `failsafe` is empty where silence means nothing.

    `limits_at` is when the limits were set last, `heard_at` when anything was heard; both by the service's clock. After
    a silence that was too long limits have to be set anew before they count again: until then `was_silent`.
    """

    limits: tuple[GridLimit, ...]
    failsafe: tuple[FailsafeLimit, ...]
    limits_at: datetime
    heard_at: datetime
    was_silent: bool = False

    def is_silent(self, at: datetime) -> bool:
        """Whether the failsafe value holds: nothing has been heard for too long, or no limits since it was so."""
        is_missed = is_heartbeat_missed((at - self.heard_at).total_seconds())
        return bool(self.failsafe) and (is_missed or self.was_silent)

    def planned_with(self, at: datetime, until: datetime) -> Iterator[GridLimit]:
        """The limits that a plan from `at` until then has to keep.

        While the operator is silent its failsafe value holds for two hours, beside the limits that are known.
        """
        yield from (limit for limit in self.limits if limit.end > at and limit.start < until)
        if self.is_silent(at):
            for value in self.failsafe:
                yield GridLimit(start=at, end=at + timedelta(seconds=LEAST_FAILSAFE_S), **value.model_dump())


def unknown_collectors(limits: OperatorLimits, site: Site) -> list[Finding]:
    """A finding for each limit of a collector that the site does not have."""
    configuration = site.configurations.site_configuration
    known = set(electrical_tree(configuration).boards) if configuration is not None else set()
    named = [("limits", number, one.collector) for number, one in enumerate(limits.limits)]
    named += [("failsafe", number, one.collector) for number, one in enumerate(limits.failsafe)]
    return [
        Finding(
            "grid_limit.collector",
            "ERROR",
            f"$.{part}[{number}].collector",
            "the site has no collector of that name",
            observed=name,
            allowed=", ".join(sorted(known)) or None,
        )
        for part, number, name in named
        if name not in known
    ]
