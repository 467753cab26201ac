"""Partners, clients and drafts that the promises work with."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kwartier.service.caller import Scope
from kwartier.service.partner import SEPARATOR, Client, ClientSecret, Partner
from kwartier.service.site_record import ChangeKind, SiteChange, SiteDraft
from kwartier.site.validation_status import ValidationStatus
from kwartier.testing.contracts.promises import Stores

MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 7, 0, 0, 123_456, tzinfo=UTC)


def a_partner(stores: Stores, partner_id: str = "alpha") -> Partner:
    """A partner that the stores know."""
    partner = Partner(partner_id, f"Company {partner_id}", MONDAY)
    assert stores.partners.add(partner)
    return partner


def a_client(partner: Partner, name: str = "one") -> Client:
    """A client of a partner, not stored yet."""
    secret = ClientSecret("hash of one", MONDAY)
    return Client(
        partner.partner_id, partner.partner_id + SEPARATOR + name, Scope.WRITE, MONDAY, None, (secret,)
    )


def a_draft(partner: Partner, site_id: str = "hall", **fields: Any) -> SiteDraft:
    """A draft of a site, with these fields in its document."""
    place = {"name": "Gent", "coordinates": [51.05, 3.73, 8.0]}
    document = {"site_id": site_id, "name": "Hall", "location": place, **fields}
    change = SiteChange("created", MONDAY, partner.partner_id + SEPARATOR + "one")
    return SiteDraft(partner.partner_id, site_id, document, ValidationStatus(last_validation=MONDAY), change)


def changed(draft: SiteDraft, kind: ChangeKind = "replaced", **fields: Any) -> SiteDraft:
    """A later draft of the same site, with these fields in its document."""
    change = replace(draft.change, kind=kind, changed_at=TUESDAY)
    return replace(draft, document={**draft.document, **fields}, change=change)
