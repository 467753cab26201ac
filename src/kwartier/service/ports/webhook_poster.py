"""The port to the network beyond, as far as webhooks need it."""

from collections.abc import Mapping
from typing import Protocol


class WebhookPoster(Protocol):
    """Posts within bounds of time and size, to addresses that may be posted to, and follows nobody elsewhere."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """None where the receiver has taken it (2xx); else why not, in a few words without the address."""
        ...
