"""Grid operators' limits in memory."""

from kwartier.service.operator_limits import OperatorLimits


class FakeOperatorLimitStore:
    """Implements `kwartier.service.ports.OperatorLimitStore`."""

    def __init__(self) -> None:
        self._limits: dict[tuple[str, str], OperatorLimits] = {}

    def get(self, partner_id: str, site_id: str) -> OperatorLimits | None:
        """The limits that were kept last; None where there never were any."""
        return self._limits.get((partner_id, site_id))

    def keep(self, partner_id: str, site_id: str, told: OperatorLimits) -> None:
        """Store the limits of an existing site in place of those before."""
        self._limits[partner_id, site_id] = told
