"""What a site is told when it has a new plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kwartier.control.setpoint import Setpoint
from kwartier.control.setpoints import site_setpoints
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.outgoing_message import MessageSubject, OutgoingMessage
from kwartier.service.plan_record import PlanRecord
from kwartier.service.ports import Ports
from kwartier.service.set_dry_run import is_dry

# contract.md, section 5: renewed every minute while the plan holds. The next plan is there after a quarter-hour;
# without it this one is renewed for a little longer, and then the devices go to their fallback.
RENEWED_EVERY = timedelta(minutes=1)
RENEWAL_COUNT = 18


def plan_messages(record: PlanRecord, flags: FeatureFlags, *, is_dry: bool) -> list[OutgoingMessage]:
    """The plan at once, and without a control its setpoints for each minute; nothing of a plan that is not safe.

    In a dry run devices are told nothing.

    A service that dies sends none of what is left, so its devices go to their fallback within five minutes.
    """
    configuration = record.request.site.configurations.site_configuration
    if not record.is_safe or configuration is None:
        return []
    if flags.control or is_dry:
        return [_plan_message(record)]
    begin = max(record.planned_from, record.stored_at)
    by_moment: dict[tuple[str, datetime], Setpoint] = {}
    for number in range(RENEWAL_COUNT):
        at = begin + number * RENEWED_EVERY
        for setpoint in site_setpoints(configuration, record.plan, at).setpoints:
            by_moment[setpoint.asset_id, setpoint.valid_from] = setpoint
    setpoints = [by_moment[key] for key in sorted(by_moment)]
    return [
        _plan_message(record),
        *setpoint_messages(record.partner_id, record.site_id, setpoints, record.stored_at),
    ]


def messages_of(record: PlanRecord, *, ports: Ports) -> list[OutgoingMessage]:
    """What the site is told of a plan as the service is set up now."""
    is_site_dry = is_dry(record.partner_id, record.site_id, dry_runs=ports.dry_runs)
    return plan_messages(record, ports.flags, is_dry=is_site_dry)


def setpoint_messages(
    partner_id: str, site_id: str, setpoints: Sequence[Setpoint], posted_at: datetime
) -> list[OutgoingMessage]:
    """A message for each setpoint: sent when it begins to hold, and not any more when it has ended."""
    return [
        OutgoingMessage(
            partner_id=partner_id,
            subject=MessageSubject(site_id, "setpoint", setpoint.asset_id),
            payload=setpoint.model_dump_json(exclude_none=True).encode(),
            posted_at=posted_at,
            send_at=max(posted_at, setpoint.valid_from),
            not_after=setpoint.valid_until,
        )
        for setpoint in setpoints
    ]


def _plan_message(record: PlanRecord) -> OutgoingMessage:
    last = record.plan.steps[-1]
    return OutgoingMessage(
        partner_id=record.partner_id,
        subject=MessageSubject(record.site_id, "plan", ""),
        payload=record.plan_json,
        posted_at=record.stored_at,
        send_at=record.stored_at,
        not_after=last.start + timedelta(hours=last.hours),
    )
