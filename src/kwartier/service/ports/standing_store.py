"""The port to where sites stand."""

from collections.abc import Mapping
from typing import Protocol

from kwartier.service.dispatching.standing import SiteStanding, StoodOn


class StandingStore(Protocol):
    """The standings of one partner's sites."""

    def get(self, partner_id: str, site_id: str) -> SiteStanding | None:
        """The standing that was kept last; None where the site was never controlled."""
        ...

    def list_rungs(self, partner_id: str) -> Mapping[str, StoodOn]:
        """On which rung each site stood last, and when, by site."""
        ...

    def keep(self, partner_id: str, site_id: str, standing: SiteStanding) -> None:
        """Store the standing of an existing site in place of the one before."""
        ...
