"""The port to what grid operators allow sites."""

from typing import Protocol

from kwartier.service.operator_limits import OperatorLimits


class OperatorLimitStore(Protocol):
    """The limits of one partner's sites."""

    def get(self, partner_id: str, site_id: str) -> OperatorLimits | None:
        """The limits that were kept last; None where there never were any."""
        ...

    def keep(self, partner_id: str, site_id: str, told: OperatorLimits) -> None:
        """Store the limits of an existing site in place of those before."""
        ...
