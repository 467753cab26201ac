"""The port to what was decided about charging sessions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from kwartier.service.session_override import NumberedOverride, SessionKey, SessionOverride


class SessionOverrideStore(Protocol):
    """The overrides of one partner's sites, a record to which entries are only added."""

    def add(self, partner_id: str, site_id: str, override: SessionOverride) -> NumberedOverride:
        """Store an override of an existing site with the next number of its site."""
        ...

    def latest_of(
        self, partner_id: str, site_id: str, sessions: Collection[SessionKey]
    ) -> Mapping[SessionKey, SessionOverride]:
        """The override that was asked last for each of these sessions that has one."""
        ...

    def list_before(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> Sequence[NumberedOverride]:
        """At most so many overrides of a site, newest first, those before a number."""
        ...
