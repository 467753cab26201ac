"""From a document that somebody wrote to what is stored of it."""

import json
from datetime import datetime
from typing import Any

from kwartier.service.caller import Caller
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.outcomes import DocumentTooLarge
from kwartier.service.site_record import ChangeKind, SiteChange, SiteDraft
from kwartier.service.site_validation import validation_status
from kwartier.site.document import Site

# The largest stored document, as compact JSON; a request body has the same bound (reliability.md, R39: 1 MiB).
LARGEST_DOCUMENT_BYTES = 2**20


def site_draft(
    caller: Caller, document: dict[str, Any], kind: ChangeKind, at: datetime, flags: FeatureFlags
) -> SiteDraft | DocumentTooLarge:
    """The draft of a document in its stored form, with its validation status; errors in it do not keep it out."""
    size_bytes = len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    if size_bytes > LARGEST_DOCUMENT_BYTES:
        return DocumentTooLarge()
    return SiteDraft(
        partner_id=caller.partner_id,
        site_id=document["site_id"],
        document=document,
        validation_status=validation_status(Site.model_validate(document), at, flags),
        change=SiteChange(kind, at, caller.client_id),
    )
