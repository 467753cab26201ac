"""Replace a site's document by another one."""

from typing import Any

from kwartier.service.caller import Caller
from kwartier.service.change_site import ChangeOutcome, change_site
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteRecord, stored_form
from kwartier.site.document import Site


def replace_site(
    caller: Caller,
    site_id: str,
    document: Site,
    *,
    based_on_number: int | None,
    sites: SiteStore,
    clock: Clock,
    flags: FeatureFlags,
) -> ChangeOutcome:
    """The site with the new document; `active` stays as it is where the document does not say it."""

    def replaced(found: SiteRecord) -> dict[str, Any]:
        kept = {key: value for key, value in found.document.items() if key == "active"}
        return {**kept, **stored_form(document)}

    return change_site(
        caller,
        site_id,
        "replaced",
        replaced,
        based_on_number=based_on_number,
        sites=sites,
        clock=clock,
        flags=flags,
    )
