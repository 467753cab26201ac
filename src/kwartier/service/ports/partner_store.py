"""The port to the partners."""

from typing import Protocol

from kwartier.service.partner import Partner


class PartnerStore(Protocol):
    """All partners; only the operator's commands and the scheduler look across them."""

    def add(self, partner: Partner) -> bool:
        """Keep a new partner; False where its name or id is taken."""
        ...

    def find(self, name_or_id: str) -> Partner | None:
        """The partner with this id, else the one with this name."""
        ...

    def list_all(self) -> list[Partner]:
        """Every partner, by id."""
        ...
