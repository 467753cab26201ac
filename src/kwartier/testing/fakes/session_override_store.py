"""Overrides of charging sessions in memory."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from kwartier.service.session_override import NumberedOverride, SessionKey, SessionOverride


class FakeSessionOverrideStore:
    """Implements `kwartier.service.ports.SessionOverrideStore`."""

    def __init__(self) -> None:
        self._kept = defaultdict[tuple[str, str], list[NumberedOverride]](list)

    def add(self, partner_id: str, site_id: str, override: SessionOverride) -> NumberedOverride:
        """Store an override of an existing site with the next number of its site."""
        kept = self._kept[partner_id, site_id]
        kept.append(NumberedOverride(len(kept) + 1, override))
        return kept[-1]

    def latest_of(
        self, partner_id: str, site_id: str, sessions: Collection[SessionKey]
    ) -> Mapping[SessionKey, SessionOverride]:
        """The override that was asked last for each of these sessions that has one."""
        kept = (one.override for one in self._kept[partner_id, site_id])
        return {one.session: one for one in kept if one.session in sessions}

    def list_before(
        self, partner_id: str, site_id: str, before_number: int | None, limit_count: int
    ) -> Sequence[NumberedOverride]:
        """At most so many overrides of a site, newest first, those before a number."""
        kept = reversed(self._kept[partner_id, site_id])
        wanted = [one for one in kept if before_number is None or one.override_number < before_number]
        return wanted[:limit_count]
