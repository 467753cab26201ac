"""Whose token this is: from memory for a few seconds, then from the store."""

from datetime import timedelta

import pytest

from kwartier.adapters.jwt.access_tokens import JwtAccessTokens
from kwartier.service.authenticate import KNOWN_FOR_S, Authenticator, BadToken, NotKnownYet
from kwartier.service.caller import Caller, Scope
from kwartier.service.partner import Client
from kwartier.service.ports.access_tokens import TokenClaims
from kwartier.testing.contracts.examples import MONDAY
from kwartier.testing.fakes.client_store import FakeClientStore
from kwartier.testing.fakes.clock import FakeClock

TOKENS = JwtAccessTokens("a key for tests, with 32 bytes or more")


@pytest.fixture
def clients() -> FakeClientStore:
    store = FakeClientStore()
    store.add(Client("alpha", "alpha.one", Scope.WRITE, MONDAY))
    return store


def claims(scope: Scope = Scope.WRITE) -> TokenClaims:
    return TokenClaims("alpha.one", scope, MONDAY, MONDAY + timedelta(hours=1))


def known(authenticator: Authenticator, token: str) -> Caller | BadToken:
    outcome = authenticator.caller(token)
    assert isinstance(outcome, NotKnownYet)
    return authenticator.caller_from_store(outcome.claims)


def test_a_client_is_looked_up_once_in_a_few_seconds(clients: FakeClientStore) -> None:
    clock = FakeClock(MONDAY)
    authenticator, token = Authenticator(TOKENS, clients, clock), TOKENS.signed(claims())
    caller = Caller("alpha", "alpha.one", Scope.WRITE)
    assert known(authenticator, token) == caller
    assert authenticator.caller(token) == caller
    clients.revoke("alpha", "alpha.one", MONDAY)
    clock.advance(KNOWN_FOR_S - 0.001)
    assert authenticator.caller(token) == caller
    clock.advance(0.001)
    assert known(authenticator, token) == BadToken()
    assert authenticator.caller(token) == BadToken()


def test_a_wall_clock_that_is_set_back_does_not_lengthen_the_memory(clients: FakeClientStore) -> None:
    clock = FakeClock(MONDAY)
    authenticator, token = Authenticator(TOKENS, clients, clock), TOKENS.signed(claims())
    known(authenticator, token)
    clock.jump(-3600)
    clock.advance(KNOWN_FOR_S)
    assert isinstance(authenticator.caller(token), NotKnownYet)


def test_a_token_ends_at_its_moment(clients: FakeClientStore) -> None:
    clock = FakeClock(MONDAY)
    authenticator, token = Authenticator(TOKENS, clients, clock), TOKENS.signed(claims())
    clock.advance(3599)
    assert isinstance(authenticator.caller(token), NotKnownYet)
    clock.advance(1)
    assert authenticator.caller(token) == BadToken()


def test_a_client_may_do_what_both_it_and_its_token_may(clients: FakeClientStore) -> None:
    authenticator = Authenticator(TOKENS, clients, FakeClock(MONDAY))
    scopes = [
        known(Authenticator(TOKENS, clients, FakeClock(MONDAY)), TOKENS.signed(claims(one))) for one in Scope
    ]
    assert [one.scope for one in scopes if isinstance(one, Caller)] == [Scope.READ, Scope.WRITE, Scope.WRITE]
    assert (
        authenticator.caller(JwtAccessTokens("another key for tests, of 32 bytes").signed(claims()))
        == BadToken()
    )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        # {"alg": "none"}: the oldest trick with these tokens.
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJrd2FydGllciIsInN1YiI6ImFscGhhLm9uZSIsInNjb3BlIjoiYWRtaW4iLCJpYXQiOjAsImV4cCI6OTk5OTk5OTk5OX0.",
        "x" * 3000,
        "\ud800",
    ],
)
def test_a_token_that_nobody_signed_is_none(clients: FakeClientStore, token: str) -> None:
    assert Authenticator(TOKENS, clients, FakeClock(MONDAY)).caller(token) == BadToken()
