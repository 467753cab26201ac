"""A validation status as read over REST."""

from pydantic import Field

from kwartier.site.validation_status import ValidationStatus
from kwartier.units.instant import Instant


class ValidationStatusDocument(ValidationStatus):
    """The validation status, and since when each part of it has been what it is."""

    since: dict[str, Instant] = Field(
        description="By the path of a node (`status` for the whole), when its status became what it is."
    )
