"""The site of a partner, where its document can be planned."""

from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports.site_store import SiteStore
from kwartier.site.document import Site
from kwartier.site.finding import Finding, errors
from kwartier.site.rules import validate_site

_NO_CONFIGURATION = Finding(
    "site.no_configuration",
    "ERROR",
    "$.site.configurations.site_configuration",
    "the site has no site_configuration; add its devices and collectors",
)


def plannable_site(partner_id: str, site_id: str, *, sites: SiteStore) -> Site | UnknownSite | NotPlannable:
    """The site document without ERROR findings and with a site configuration; else every finding at once."""
    found = sites.get(partner_id, site_id)
    if found is None:
        return UnknownSite()
    site = found.site
    wrong = [finding.under("$.site") for finding in errors(validate_site(site))]
    if not wrong and site.configurations.site_configuration is None:
        wrong = [_NO_CONFIGURATION]
    return NotPlannable(tuple(wrong)) if wrong else site
