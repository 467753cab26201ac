"""What a site's validation status was last, and since when each part of it has been so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kwartier.site.validation_status import ValidationStatus


@dataclass(frozen=True)
class ValidationState:
    """The status; `since` says for each node, by its path such as `ingress_status`, when it became what it is."""

    status: ValidationStatus
    since: Mapping[str, datetime]
