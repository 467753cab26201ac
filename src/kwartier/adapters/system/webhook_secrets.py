"""Secrets of webhooks, each made of the service's own key and its name: there is none to store, or to lose."""

import base64
import hashlib
import hmac


class DerivedWebhookSecrets:
    """Implements `kwartier.service.ports.WebhookSecrets` with HMAC-SHA256 under the key that signs tokens."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def secret_of(self, partner_id: str, webhook_id: str, secret_number: int) -> str:
        """The secret; another key gives another one."""
        name = f"webhook/{partner_id}/{webhook_id}/{secret_number}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key, name, hashlib.sha256)).decode().rstrip("=")
