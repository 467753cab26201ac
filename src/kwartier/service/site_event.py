"""Something that happened at a site, for those who listen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

EventKind = Literal[
    "plan_made",
    "validation_changed",
    "rung_changed",
    "limit_violated",
    "peak_at_risk",
    "device_disobeys",
    "device_obeys_again",
    "operator_failsafe",
    "clock_jumped",
]


@dataclass(frozen=True)
class SiteEvent:
    """An event; `event_number` counts those of its site from 1. `content` is a small JSON object: ids, no documents."""

    partner_id: str
    site_id: str
    event_number: int
    kind: EventKind
    occurred_at: datetime
    content: Mapping[str, Any]
