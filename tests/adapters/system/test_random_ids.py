"""Ids and secrets."""

import re

from kwartier.adapters.system.random_ids import RandomIds


def test_ids_are_safe_in_topics_and_never_the_same() -> None:
    ids = [RandomIds().new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"[a-z2-9]{12}", one) for one in ids)


def test_secrets_have_256_bits() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", RandomIds().new_secret())
