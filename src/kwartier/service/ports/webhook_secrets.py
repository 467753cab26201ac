"""The port to what webhooks are signed with."""

from typing import Protocol


class WebhookSecrets(Protocol):
    """Secrets that can be made again from their names, so that none is stored."""

    def secret_of(self, partner_id: str, webhook_id: str, secret_number: int) -> str:
        """At least 256 bits that nobody can guess, always the same, in visible ASCII characters."""
        ...
