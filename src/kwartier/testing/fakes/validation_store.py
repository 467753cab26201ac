"""The last validation statuses in memory."""

from kwartier.service.validation_state import ValidationState
from kwartier.testing.fakes.site_store import FakeSiteStore


class FakeValidationStore:
    """Implements `kwartier.service.ports.ValidationStore` beside the sites of the other fake."""

    def __init__(self, sites: FakeSiteStore) -> None:
        self._sites = sites
        self._states: dict[tuple[str, str], ValidationState] = {}

    def get(self, partner_id: str, site_id: str) -> ValidationState | None:
        """The last status with its history; None before the first."""
        return self._states.get((partner_id, site_id))

    def keep(self, partner_id: str, site_id: str, state: ValidationState) -> None:
        """Store it, also with the site as it is read back."""
        self._states[partner_id, site_id] = state
        self._sites.show_status(partner_id, site_id, state.status)
