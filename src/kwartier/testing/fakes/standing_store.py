"""Standings in memory."""

from kwartier.service.dispatching.standing import SiteStanding, StoodOn


class FakeStandingStore:
    """Implements `kwartier.service.ports.StandingStore`."""

    def __init__(self) -> None:
        self._standings: dict[tuple[str, str], SiteStanding] = {}

    def get(self, partner_id: str, site_id: str) -> SiteStanding | None:
        """The standing that was kept last; None where the site was never controlled."""
        return self._standings.get((partner_id, site_id))

    def list_rungs(self, partner_id: str) -> dict[str, StoodOn]:
        """On which rung each site stood last, and when, by site."""
        return {
            site_id: StoodOn(one.rung, one.at)
            for (owner, site_id), one in self._standings.items()
            if owner == partner_id
        }

    def keep(self, partner_id: str, site_id: str, standing: SiteStanding) -> None:
        """Store the standing of an existing site in place of the one before."""
        self._standings[partner_id, site_id] = standing
