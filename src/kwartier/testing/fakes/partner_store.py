"""Partners in memory."""

from kwartier.service.partner import Partner


class FakePartnerStore:
    """Implements `kwartier.service.ports.PartnerStore`."""

    def __init__(self) -> None:
        self._partners: dict[str, Partner] = {}

    def add(self, partner: Partner) -> bool:
        """Keep a new partner; False where its name or id is taken."""
        names = {known.name for known in self._partners.values()}
        if partner.partner_id in self._partners or partner.name in names:
            return False
        self._partners[partner.partner_id] = partner
        return True

    def find(self, name_or_id: str) -> Partner | None:
        """The partner with this id, else the one with this name."""
        named = (known for known in self._partners.values() if known.name == name_or_id)
        return self._partners.get(name_or_id) or next(named, None)

    def list_all(self) -> list[Partner]:
        """Every partner, by id."""
        return sorted(self._partners.values(), key=lambda partner: partner.partner_id)
