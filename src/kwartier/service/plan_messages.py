"""What a site is told when it has a new plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kwartier.control.setpoint import Setpoint
from kwartier.control.setpoints import site_setpoints
from kwartier.service.outgoing_message import MessageSubject, OutgoingMessage
from kwartier.service.plan_record import PlanRecord


def plan_messages(record: PlanRecord) -> list[OutgoingMessage]:
    """The plan, and the setpoints of its first minutes, each sent when it begins; none of a plan that is not safe."""
    configuration = record.request.site.configurations.site_configuration
    if not record.is_safe or configuration is None:
        return []
    at = max(record.planned_from, record.stored_at)
    setpoints = site_setpoints(configuration, record.plan, at).setpoints
    return [
        _plan_message(record),
        *setpoint_messages(record.partner_id, record.site_id, setpoints, record.stored_at),
    ]


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
