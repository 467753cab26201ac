"""The grid operator's limits as they are sent and read."""

from typing import Annotated, Any

from pydantic import Field

from kwartier.planning.request import GridLimit
from kwartier.service.operator_limits import FailsafeLimit, OperatorLimits
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel

# Far more than a grid operator sends for some days; the body has its own bound.
MOST_LIMITS_COUNT = 1_000

EXAMPLE_LIMITS: dict[str, Any] = {
    "limits": [
        {
            "collector": "main",
            "start": "2026-03-02T17:00:00+01:00",
            "end": "2026-03-02T20:00:00+01:00",
            "offtake_w": 4_200.0,
        }
    ],
    "failsafe": [{"collector": "main", "offtake_w": 4_200.0}],
}


class GridLimitsDocument(WireModel):
    """What the grid operator allows; it replaces what was sent before."""

    limits: Annotated[list[GridLimit], Field(max_length=MOST_LIMITS_COUNT)] = Field(
        description="Each with a start and an end; none: nothing is limited now."
    )
    failsafe: Annotated[list[FailsafeLimit], Field(max_length=MOST_LIMITS_COUNT)] = Field(
        default_factory=list,
        description="What holds when nothing has been heard for 120 s, for two hours at least; none: silence means "
        "nothing.",
    )


class GridLimitsKept(GridLimitsDocument):
    """The limits in force, and when the grid operator was heard."""

    limits_at: Instant = Field(description="When these limits came.")
    heard_at: Instant = Field(description="When anything was heard last, a heartbeat too.")


def grid_limits_document(known: OperatorLimits) -> dict[str, Any]:
    """The JSON value of the limits of a site."""
    return {
        "limits": [one.model_dump(mode="json", exclude_none=True) for one in known.limits],
        "failsafe": [one.model_dump(mode="json", exclude_none=True) for one in known.failsafe],
        "limits_at": format_instant(known.limits_at),
        "heard_at": format_instant(known.heard_at),
    }
