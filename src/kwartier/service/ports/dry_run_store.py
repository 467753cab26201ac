"""The port to which sites are only tried out."""

from typing import Protocol

from kwartier.service.dry_run import DryRun


class DryRunStore(Protocol):
    """The setting of one partner's sites."""

    def get(self, partner_id: str, site_id: str) -> DryRun | None:
        """The setting that was kept last; None where there never was one: then devices are told."""
        ...

    def keep(self, partner_id: str, site_id: str, setting: DryRun) -> None:
        """Store the setting of an existing site in place of the one before."""
        ...
