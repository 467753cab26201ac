"""The last validation statuses in memory."""

from kwartier.service.validation_state import ValidationState


class FakeValidationStore:
    """Implements `kwartier.service.ports.ValidationStore`; the sites that are read back do not hear of it."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], ValidationState] = {}

    def get(self, partner_id: str, site_id: str) -> ValidationState | None:
        """The last status with its history; None before the first."""
        return self._states.get((partner_id, site_id))

    def keep(self, partner_id: str, site_id: str, state: ValidationState) -> None:
        """Store it."""
        self._states[partner_id, site_id] = state
