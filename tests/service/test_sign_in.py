"""Signing in, being recognised, and signing out, over stores in memory."""

from dataclasses import replace

import pytest

from kwartier.service.create_partner import PartnerCreated, create_partner
from kwartier.service.create_user import UnusableUserName, UserCreated, UserNameTaken, create_user
from kwartier.service.log_in import BadCredentials, TooManyFailures
from kwartier.service.login_backoff import LoginBackoff
from kwartier.service.outcomes import UnknownPartner, UnknownUser
from kwartier.service.recognise_user import KNOWN_FOR_S, UserRecogniser
from kwartier.service.reset_user_password import PasswordReset, reset_user_password
from kwartier.service.revoke_user import UserRevoked, revoke_user
from kwartier.service.session_token import partner_of_token
from kwartier.service.sign_in import SESSION_LIFE, SignedIn, UserCredentials, sign_in
from kwartier.service.sign_out import sign_out
from kwartier.service.user import Role
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.ids import FakeIds
from kwartier.testing.fakes.partner_store import FakePartnerStore
from kwartier.testing.fakes.secret_hasher import FakeSecretHasher
from kwartier.testing.fakes.user_store import FakeUserStore


class Door:
    """A partner with a user, and everything that a sign-in needs."""

    def __init__(self) -> None:
        self.partners, self.users = FakePartnerStore(), FakeUserStore()
        self.ids, self.hasher, self.clock = FakeIds(), FakeSecretHasher(), FakeClock()
        self.backoff = LoginBackoff()
        self.recogniser = UserRecogniser(self.users, self.clock)
        made = create_partner("Alpha", partners=self.partners, ids=self.ids, clock=self.clock)
        assert isinstance(made, PartnerCreated)
        user = self.create("anna", Role.OPERATE)
        assert isinstance(user, UserCreated)
        self.credentials = UserCredentials("Alpha", "anna", user.password, "192.0.2.1")

    def create(
        self, name: str, role: Role = Role.SEE, partner: str = "Alpha"
    ) -> UserCreated | UnknownPartner | UserNameTaken | UnusableUserName:
        return create_user(
            partner,
            name,
            role,
            partners=self.partners,
            users=self.users,
            ids=self.ids,
            hasher=self.hasher,
            clock=self.clock,
        )

    def enter(self, **changed: str) -> SignedIn | BadCredentials | TooManyFailures:
        return sign_in(
            replace(self.credentials, **changed),
            partners=self.partners,
            users=self.users,
            hasher=self.hasher,
            ids=self.ids,
            clock=self.clock,
            backoff=self.backoff,
        )

    def reset(self) -> PasswordReset | UnknownPartner | UnknownUser:
        return reset_user_password(
            "Alpha",
            "anna",
            partners=self.partners,
            users=self.users,
            ids=self.ids,
            hasher=self.hasher,
            clock=self.clock,
        )

    def revoke(self) -> UserRevoked | UnknownPartner | UnknownUser:
        return revoke_user("Alpha", "anna", partners=self.partners, users=self.users, clock=self.clock)

    def token(self) -> str:
        entered = self.enter()
        assert isinstance(entered, SignedIn)
        return entered.token

    def caller_id(self, token: str) -> str | None:
        user = self.recogniser.user(token)
        return None if user is None else user.caller.client_id


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_user_is_recognised_by_the_sessions_token_with_the_scope_of_the_role(door: Door) -> None:
    user = door.recogniser.user(door.token())
    assert user is not None
    assert (user.caller.client_id, user.caller.scope.word) == ("user anna", "write")


@pytest.mark.parametrize(
    "wrong", [{"partner": "Beta"}, {"user_name": "bob"}, {"password": "x"}, {"password": ""}]
)
def test_whatever_is_wrong_the_answer_is_the_same_and_takes_one_comparison(
    door: Door, wrong: dict[str, str]
) -> None:
    assert door.enter(**wrong) == BadCredentials()
    assert door.hasher.comparison_count == 1


def test_the_sixth_try_in_a_minute_waits_without_a_comparison(door: Door) -> None:
    for _ in range(5):
        door.enter(password="no")  # noqa: S106 - nobody's
    assert isinstance(door.enter(), TooManyFailures)
    assert door.hasher.comparison_count == 5
    assert isinstance(door.enter(address="192.0.2.2"), SignedIn)
    door.clock.advance(60)
    assert isinstance(door.enter(), SignedIn)


def test_a_session_ends_by_itself(door: Door) -> None:
    token = door.token()
    door.clock.advance(SESSION_LIFE.total_seconds() - 1)
    assert door.caller_id(token) == "user anna"
    door.clock.advance(1)
    assert door.caller_id(token) is None


def test_signing_out_ends_one_session_within_seconds_and_leaves_the_other(door: Door) -> None:
    one, other = door.token(), door.token()
    assert door.caller_id(one) == "user anna"
    sign_out(one, users=door.users, clock=door.clock)
    door.clock.advance(KNOWN_FOR_S)
    assert (door.caller_id(one), door.caller_id(other)) == (None, "user anna")


def test_a_new_password_and_a_revocation_end_every_session_within_seconds(door: Door) -> None:
    token = door.token()
    assert door.caller_id(token) == "user anna"
    made = door.reset()
    assert isinstance(made, PasswordReset)
    door.clock.advance(KNOWN_FOR_S)
    assert door.caller_id(token) is None
    assert door.enter() == BadCredentials()
    assert isinstance(door.enter(password=made.password), SignedIn)
    assert door.revoke() == UserRevoked("anna")
    assert door.enter(password=made.password) == BadCredentials()
    assert door.revoke() == UnknownUser()


def test_a_users_name_is_the_partners_own_and_can_be_printed(door: Door) -> None:
    assert door.create("anna") == UserNameTaken()
    assert door.create("an\nna") == UnusableUserName()
    assert door.create("x" * 101) == UnusableUserName()
    assert door.create("anna", partner="Beta") == UnknownPartner()


@pytest.mark.parametrize(
    "token", ["", "alpha", ".x", "alpha.", "alpha." + "x" * 200, "alpha.\u00e9", "alpha.\n"]
)
def test_what_is_no_token_names_no_partner(door: Door, token: str) -> None:
    assert partner_of_token(token) is None
    assert door.recogniser.user(token) is None
