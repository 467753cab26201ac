"""A site that can be planned, over any stores."""

from kwartier.service.caller import Caller, Scope
from kwartier.service.create_partner import PartnerCreated, create_partner
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.ports import Ports
from kwartier.site.document import SiteCreateDTO
from tests.services.site_data import SITE_ID, a_car, example_site, measured

# With a fixed price no day-ahead prices are needed, whatever day it is.
FIXED = {
    "contract_type": "fixed",
    "fixed_offtake_cost_per_mwh": 120.0,
    "fixed_injection_cost_per_mwh": 30.0,
}


def ready_site(ports: Ports, partner_id: str | None = None) -> Caller:
    """The example site of a new partner, measured, with a car at its pole; who may call for it."""
    if partner_id is None:
        made = create_partner("Ready", partners=ports.partners, ids=ports.ids, clock=ports.clock)
        assert isinstance(made, PartnerCreated)
        partner_id = made.partner.partner_id
    caller = Caller(partner_id, "test", Scope.WRITE)
    document = example_site()
    document["configurations"]["contract"] = FIXED
    site = create_site(
        caller,
        SiteCreateDTO.model_validate(document),
        sites=ports.sites,
        clock=ports.clock,
        flags=ports.flags,
    )
    assert isinstance(site, SiteCreated)
    now = ports.clock.now()
    measured(ports, partner_id, SITE_ID, now)
    ports.transactions.keep(partner_id, SITE_ID, a_car(now), now)
    return caller
