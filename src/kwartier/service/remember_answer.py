"""The first answer to a request again, where the caller gives its request a key (`Idempotency-Key`)."""

import hashlib
from datetime import timedelta

from kwartier.service.caller import Caller
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.idempotency_store import Claim, IdempotencyStore, RequestKey

# reliability.md, R16: at least 24 h. Twice that lets a sender that was away for a day come back late.
REMEMBERED_FOR = timedelta(hours=48)
# No request takes that long: a plan's deadline is at most 600 s, and its answer goes out at once.
GIVEN_UP_AFTER = timedelta(minutes=15)


def request_key(caller: Caller, key: str, address: str, body: bytes) -> RequestKey:
    """The key together with what it stood in: method, address and body."""
    told = b"\0".join((address.encode(), body))
    return RequestKey(caller.partner_id, key, hashlib.sha256(told).hexdigest())


def claim_key(request: RequestKey, *, idempotency: IdempotencyStore, clock: Clock) -> Claim:
    """Take the key, or say what became of the request that has it; remembered for `REMEMBERED_FOR`."""
    now = clock.now()
    return idempotency.claim(request, now, forgotten=now - REMEMBERED_FOR, given_up=now - GIVEN_UP_AFTER)
