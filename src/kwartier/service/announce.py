"""Tell what happened at a site to those who listen, and to those who will come back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kwartier.service.ports.event_channel import EventChannel
from kwartier.service.ports.event_log import EventLog
from kwartier.service.site_event import EventKind


def announce(
    partner_id: str,
    site_id: str,
    kind: EventKind,
    occurred_at: datetime,
    content: Mapping[str, Any],
    *,
    log: EventLog,
    channel: EventChannel,
) -> None:
    """Store the event, then tell it: nobody hears of what a crash could take back."""
    channel.publish(log.append(partner_id, site_id, kind, occurred_at, content))
