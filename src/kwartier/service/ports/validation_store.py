"""The port to the last validation status of a site."""

from typing import Protocol

from kwartier.service.validation_state import ValidationState


class ValidationStore(Protocol):
    """The statuses of one partner's sites."""

    def get(self, partner_id: str, site_id: str) -> ValidationState | None:
        """The last status with its history; None before the first."""
        ...

    def keep(self, partner_id: str, site_id: str, state: ValidationState) -> None:
        """Store it, also with the site as it is read back; the document's revision stays."""
        ...
