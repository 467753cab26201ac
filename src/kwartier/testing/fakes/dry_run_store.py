"""Which sites are only tried out, in memory."""

from kwartier.service.dry_run import DryRun


class FakeDryRunStore:
    """Implements `kwartier.service.ports.DryRunStore`."""

    def __init__(self) -> None:
        self._settings: dict[tuple[str, str], DryRun] = {}

    def get(self, partner_id: str, site_id: str) -> DryRun | None:
        """The setting that was kept last; None where there never was one."""
        return self._settings.get((partner_id, site_id))

    def keep(self, partner_id: str, site_id: str, setting: DryRun) -> None:
        """Store the setting of an existing site in place of the one before."""
        self._settings[partner_id, site_id] = setting
