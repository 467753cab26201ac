"""What a partner's programs and devices log in to the broker with."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class BrokerCredential:
    """A username with the hash of its password, as the broker reads it; with `site_id` it is for that site only.

    A partner may have several: one per site or gateway, and two while a password is exchanged.
    """

    partner_id: str
    username: str
    password_hash: str
    site_id: str | None
    created_at: datetime
    revoked_at: datetime | None = None
