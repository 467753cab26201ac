"""Compute the validation status of every site anew: time alone changes it, when data stop coming."""

from collections.abc import Iterator

from kwartier.service.ports import Ports
from kwartier.service.revalidate_site import revalidate_site
from kwartier.service.site_record import SiteRecord

# As many sites are held in memory at a time.
PAGE_COUNT = 100


def revalidate_sites(*, ports: Ports) -> None:
    """Keep each status, and announce what changed."""
    for partner in ports.partners.list_all():
        for record in sites_of(partner.partner_id, ports):
            revalidate_site(record, ports=ports)


def sites_of(partner_id: str, ports: Ports) -> Iterator[SiteRecord]:
    """Every site of a partner, by id."""
    after: str | None = None
    while page := ports.sites.list_after(partner_id, after, PAGE_COUNT):
        yield from page
        after = page[-1].site_id
