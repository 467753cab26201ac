"""What a store of the dashboard's users promises."""

from datetime import timedelta

from kwartier.service.user import Role, User, UserSession
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

USER_STORE = Promises()
LATER = TUESDAY + timedelta(days=30)
ANOTHER_HASH = "hash of two"


def a_user(stores: Stores, partner_id: str = "alpha", name: str = "anna") -> User:
    """A user of a new partner, stored."""
    user = User(a_partner(stores, partner_id).partner_id, name, Role.OPERATE, "hash of one", MONDAY)
    assert stores.users.add(user)
    return user


def a_session(user: User, session_hash: str = "one") -> UserSession:
    """A session of a user from Monday to Tuesday, not stored yet."""
    return UserSession(user.partner_id, session_hash, user.user_name, MONDAY, TUESDAY)


@USER_STORE
def a_user_is_read_back(stores: Stores) -> None:
    """With role and moments."""
    user = a_user(stores)
    assert stores.users.get(user.partner_id, user.user_name) == user
    assert stores.users.list_all(user.partner_id) == [user]


@USER_STORE
def a_users_name_is_taken_once(stores: Stores) -> None:
    """Within a partner; the first one stays as it was."""
    user = a_user(stores)
    assert not stores.users.add(User(user.partner_id, user.user_name, Role.SEE, "another", TUESDAY))
    assert stores.users.get(user.partner_id, user.user_name) == user


@USER_STORE
def a_user_belongs_to_its_partner_only(stores: Stores) -> None:
    """Under another partner neither the user nor the session exists."""
    user = a_user(stores)
    stores.users.start_session(a_session(user))
    other = a_partner(stores, "beta")
    assert stores.users.get(other.partner_id, user.user_name) is None
    assert stores.users.list_all(other.partner_id) == []
    assert stores.users.session(other.partner_id, "one") is None


@USER_STORE
def a_session_is_read_back_and_ends_once(stores: Stores) -> None:
    """The first moment of its end stays; one that nobody knows has no end."""
    user = a_user(stores)
    stores.users.start_session(a_session(user))
    assert stores.users.session(user.partner_id, "one") == a_session(user)
    for at in (MONDAY, TUESDAY):
        stores.users.end_session(user.partner_id, "one", at)
        stores.users.end_session(user.partner_id, "nobody's", at)
    found = stores.users.session(user.partner_id, "one")
    assert found is not None
    assert found.ended_at == MONDAY


@USER_STORE
def sessions_that_are_over_are_forgotten_at_the_next_start(stores: Stores) -> None:
    """One that still runs is kept."""
    user = a_user(stores)
    over, ended = a_session(user), a_session(user, "ended")
    running = UserSession(user.partner_id, "running", user.user_name, MONDAY, LATER)
    for session in (over, ended, running):
        stores.users.start_session(session)
    stores.users.end_session(user.partner_id, "ended", MONDAY)
    stores.users.start_session(UserSession(user.partner_id, "new", user.user_name, TUESDAY, LATER))
    found = [stores.users.session(user.partner_id, one) for one in ("one", "ended", "running", "new")]
    assert [one is not None for one in found] == [False, False, True, True]


@USER_STORE
def a_new_password_and_a_revocation_end_every_session(stores: Stores) -> None:
    """Of that user."""
    user = a_user(stores)
    stores.users.start_session(a_session(user))
    stores.users.change_password(user.partner_id, user.user_name, ANOTHER_HASH, MONDAY)
    changed = stores.users.get(user.partner_id, user.user_name)
    assert changed is not None
    assert changed.password_hash == ANOTHER_HASH
    ended = stores.users.session(user.partner_id, "one")
    assert ended is not None
    assert ended.ended_at == MONDAY
    stores.users.start_session(a_session(user, "two"))
    for at in (MONDAY, TUESDAY):
        stores.users.revoke(user.partner_id, user.user_name, at)
    revoked, last = (
        stores.users.get(user.partner_id, user.user_name),
        stores.users.session(user.partner_id, "two"),
    )
    assert revoked is not None
    assert last is not None
    assert (revoked.revoked_at, last.ended_at) == (MONDAY, MONDAY)
