"""A message to a site that waits to be sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

OutgoingKind = Literal["setpoint", "plan"]


class MessageSubject(NamedTuple):
    """What a message is about; a newer one about the same takes the place of all earlier ones."""

    site_id: str
    kind: OutgoingKind
    asset_id: str
    """The device of a setpoint; empty for a plan."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message about a subject, sent from `send_at` on until the site's broker has it, and never at `not_after`."""

    partner_id: str
    subject: MessageSubject
    payload: bytes
    posted_at: datetime
    send_at: datetime
    not_after: datetime
