"""Standings in memory."""

from kwartier.service.dispatching.standing import SiteStanding


class FakeStandingStore:
    """Implements `kwartier.service.ports.StandingStore`."""

    def __init__(self) -> None:
        self._standings: dict[tuple[str, str], SiteStanding] = {}

    def get(self, partner_id: str, site_id: str) -> SiteStanding | None:
        """The standing that was kept last; None where the site was never controlled."""
        return self._standings.get((partner_id, site_id))

    def keep(self, partner_id: str, site_id: str, standing: SiteStanding) -> None:
        """Store the standing of an existing site in place of the one before."""
        self._standings[partner_id, site_id] = standing
