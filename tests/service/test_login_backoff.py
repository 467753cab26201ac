"""How often somebody may fail to log in (reliability.md, R47: five times a minute)."""

from kwartier.service.login_backoff import MOST_REMEMBERED_COUNT, LoginBackoff


def test_the_sixth_try_waits_for_the_first_failure_to_be_a_minute_old() -> None:
    backoff = LoginBackoff()
    for second in range(5):
        assert backoff.wait_s("anna", float(second)) == 0
        backoff.has_failed("anna", float(second))
    assert backoff.wait_s("anna", 10.0) == 50.0
    assert backoff.wait_s("bert", 10.0) == 0
    assert backoff.wait_s("anna", 60.0) == 0


def test_what_is_remembered_is_bounded() -> None:
    backoff = LoginBackoff()
    for number in range(MOST_REMEMBERED_COUNT + 10):
        backoff.has_failed(str(number), 0.0)
    assert len(backoff._failures) == MOST_REMEMBERED_COUNT
    assert "0" not in backoff._failures
