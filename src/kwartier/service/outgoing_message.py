"""A message to a site that waits to be sent."""

from collections.abc import Iterable
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

    @property
    def is_due_at_once(self) -> bool:
        """Whether it was to be sent when it was posted."""
        return self.send_at <= self.posted_at

    def overtakes(self, earlier: "OutgoingMessage") -> bool:
        """Whether it takes the place of a message that waits; one that is still of use until then does not go."""
        if (earlier.partner_id, earlier.subject) != (self.partner_id, self.subject):
            return False
        is_over = earlier.not_after <= self.posted_at
        return self.is_due_at_once or is_over or earlier.send_at >= self.send_at


def first_messages(messages: Iterable[OutgoingMessage]) -> list[OutgoingMessage]:
    """Of the messages about each subject the one that is sent first."""
    by_subject: dict[tuple[str, MessageSubject], OutgoingMessage] = {}
    for message in sorted(messages, key=lambda one: one.send_at):
        by_subject.setdefault((message.partner_id, message.subject), message)
    return list(by_subject.values())
