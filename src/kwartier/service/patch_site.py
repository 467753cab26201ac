"""Change parts of a site's document."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from kwartier.service.caller import Caller
from kwartier.service.change_site import ChangeOutcome, change_site
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.site_record import SiteRecord, stored_form
from kwartier.site.document import Site
from kwartier.units.merge_patch import merge_patch


@dataclass(frozen=True)
class NotASite:
    """What the patch makes of the document has not the shape of one; the error's places are those of the result."""

    error: ValidationError


def patch_site(
    caller: Caller,
    site_id: str,
    patch: dict[str, Any],
    *,
    based_on_number: int | None,
    sites: SiteStore,
    clock: Clock,
    flags: FeatureFlags,
) -> ChangeOutcome | NotASite:
    """The site with a JSON Merge Patch (RFC 7396) applied to its document."""

    def patched(found: SiteRecord) -> dict[str, Any]:
        return stored_form(Site.model_validate(merge_patch(found.document, patch)))

    try:
        return change_site(
            caller,
            site_id,
            "patched",
            patched,
            based_on_number=based_on_number,
            sites=sites,
            clock=clock,
            flags=flags,
        )
    except ValidationError as error:
        return NotASite(error)
