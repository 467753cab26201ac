"""Forget what is older than it has to be kept."""

from dataclasses import dataclass
from datetime import timedelta

from kwartier.service.ports import Ports
from kwartier.service.ports.retention import Forgotten


@dataclass(frozen=True)
class RetentionPeriods:
    """For how long what is kept."""

    measurements: timedelta
    plans: timedelta


def forget_old(periods: RetentionPeriods, *, ports: Ports) -> Forgotten:
    """Of every partner, by now; how much it was."""
    now = ports.clock.now()
    found = [
        ports.retention.forget(
            partner.partner_id,
            measured_before=now - periods.measurements,
            planned_before=now - periods.plans,
        )
        for partner in ports.partners.list_all()
    ]
    return Forgotten(sum(one.measurement_count for one in found), sum(one.plan_count for one in found))
