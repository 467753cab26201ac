"""What a store of callers' own keys promises (reliability.md, R16)."""

from datetime import datetime, timedelta

from kwartier.service.ports.idempotency_store import (
    Claim,
    Claimed,
    InFlight,
    KeptAnswer,
    KeyReused,
    RequestKey,
)
from kwartier.testing.contracts.examples import MONDAY, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

IDEMPOTENCY_STORE = Promises()

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ANSWER = KeptAnswer(201, {"ETag": '"1"'}, b'{"text":"\xc3\xa9"}')


def _claim(stores: Stores, request: RequestKey, now: datetime = MONDAY) -> Claim:
    return stores.idempotency.claim(request, now, forgotten=now - DAY, given_up=now - MINUTE)


def _request(stores: Stores, partner: str = "alpha") -> RequestKey:
    return RequestKey(a_partner(stores, partner).partner_id, "order 66", "f" * 64)


@IDEMPOTENCY_STORE
def the_first_request_is_carried_out_and_its_repeats_get_its_answer(stores: Stores) -> None:
    """To the byte."""
    request = _request(stores)
    assert _claim(stores, request) == Claimed()
    stores.idempotency.keep(request, ANSWER)
    assert [_claim(stores, request) for _ in range(3)] == [ANSWER] * 3


@IDEMPOTENCY_STORE
def a_repeat_before_the_answer_is_told_so(stores: Stores) -> None:
    """Until the claim is so old that its process must have died."""
    request = _request(stores)
    assert _claim(stores, request) == Claimed()
    assert _claim(stores, request, MONDAY + MINUTE) == InFlight()
    later = MONDAY + MINUTE + timedelta(seconds=1)
    assert _claim(stores, request, later) == Claimed()
    assert _claim(stores, request, later) == InFlight()


@IDEMPOTENCY_STORE
def another_request_cannot_use_the_key(stores: Stores) -> None:
    """Neither before nor after the answer."""
    request = _request(stores)
    other = RequestKey(request.partner_id, request.key, "0" * 64)
    assert _claim(stores, request) == Claimed()
    assert _claim(stores, other) == KeyReused()
    stores.idempotency.keep(request, ANSWER)
    assert _claim(stores, other) == KeyReused()


@IDEMPOTENCY_STORE
def a_released_key_is_free(stores: Stores) -> None:
    """Also for another request."""
    request = _request(stores)
    assert _claim(stores, request) == Claimed()
    stores.idempotency.release(request)
    assert _claim(stores, RequestKey(request.partner_id, request.key, "0" * 64)) == Claimed()


@IDEMPOTENCY_STORE
def keys_are_remembered_for_as_long_as_is_asked(stores: Stores) -> None:
    """To the second."""
    request = _request(stores)
    _claim(stores, request)
    stores.idempotency.keep(request, ANSWER)
    assert _claim(stores, request, MONDAY + DAY) == ANSWER
    assert _claim(stores, request, MONDAY + DAY + timedelta(seconds=1)) == Claimed()


@IDEMPOTENCY_STORE
def a_key_of_another_partner_is_another_key(stores: Stores) -> None:
    """Whatever it came with."""
    alpha, beta = _request(stores), _request(stores, "beta")
    _claim(stores, alpha)
    stores.idempotency.keep(alpha, ANSWER)
    assert _claim(stores, beta) == Claimed()
