"""What the service needs of the world, one protocol per file; adapters implement them, `app.wiring` chooses."""

from dataclasses import dataclass

from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports.access_tokens import AccessTokens
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.secret_hasher import SecretHasher
from kwartier.service.ports.site_store import SiteStore

__all__ = [
    "AccessTokens",
    "ClientStore",
    "Clock",
    "Ids",
    "PartnerStore",
    "Ports",
    "SecretHasher",
    "SiteStore",
]


@dataclass(frozen=True)
class Ports:
    """Everything outside, as one value that the wiring makes and the edges hand on; a use case takes what it needs."""

    clock: Clock
    ids: Ids
    hasher: SecretHasher
    tokens: AccessTokens
    partners: PartnerStore
    clients: ClientStore
    sites: SiteStore
    flags: FeatureFlags
