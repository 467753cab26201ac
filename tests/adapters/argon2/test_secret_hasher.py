"""argon2id for client secrets."""

from kwartier.adapters.argon2.secret_hasher import Argon2SecretHasher

HASHER = Argon2SecretHasher()


def test_a_hash_opens_for_its_secret_only() -> None:
    one, two = HASHER.hashed("secret"), HASHER.hashed("secret")
    assert one != two  # each has a salt of its own
    # OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert HASHER.is_match("secret", one)
    assert not HASHER.is_match("Secret", one)
    assert not HASHER.is_match("secret", "no hash")


def test_the_hash_for_nobody_takes_as_long_and_opens_for_nothing() -> None:
    assert HASHER.no_secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not HASHER.is_match("", HASHER.no_secret)
