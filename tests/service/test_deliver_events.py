"""Events reach partners' webhooks signed, and again until they arrive or are given up."""

from collections.abc import Mapping
from datetime import timedelta

from kwartier.client.webhooks import is_genuine
from kwartier.service.announce import announce
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_webhook import (
    PlainWebhook,
    TooManyWebhooks,
    WebhookKept,
    create_webhook,
    rotate_webhook,
)
from kwartier.service.deliver_events import deliver_events
from kwartier.service.ports import Ports
from kwartier.service.webhook import MOST_WEBHOOKS_COUNT
from tests.service.test_plan_in_turn import a_service, clock_of

CALLER = Caller("alpha", "alpha.one", Scope.WRITE)


class Receiver:
    """A receiver that says what it is told to, and keeps what it got."""

    def __init__(self, failure: str | None = None) -> None:
        self.failure = failure
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        self.got.append((url, headers, body))
        return self.failure


def a_webhook(ports: Ports) -> WebhookKept:
    kept = create_webhook(CALLER, "https://a.example.com/hook", (), ports=ports)
    assert isinstance(kept, WebhookKept)
    return kept


def happens(ports: Ports) -> None:
    announce(
        "alpha",
        "hall",
        "plan_made",
        ports.clock.now(),
        {"plan_id": "f"},
        log=ports.events,
        channel=ports.channel,
    )


def test_an_event_arrives_once_with_a_signature_that_nobody_else_can_make() -> None:
    ports, receiver = a_service("hall"), Receiver()
    kept = a_webhook(ports)
    happens(ports)
    deliver_events("alpha", ports=ports, poster=receiver)
    assert not deliver_events("alpha", ports=ports, poster=receiver)
    ((url, headers, body),) = receiver.got
    now_s, signed = ports.clock.now().timestamp(), headers["Kwartier-Signature"]
    assert (url, headers["Kwartier-Event"]) == ("https://a.example.com/hook", "hall/1")
    assert is_genuine(signed, body, kept.secret, now_s=now_s)
    assert not is_genuine(signed, body, "another secret", now_s=now_s)
    assert not is_genuine(signed, body + b" ", kept.secret, now_s=now_s)
    assert not is_genuine(signed, body, kept.secret, now_s=now_s + 301.0)


def test_a_receiver_that_fails_is_tried_for_a_day_ever_more_rarely_and_then_given_up() -> None:
    ports, receiver = a_service("hall"), Receiver("status 500")
    webhook_id = a_webhook(ports).webhook.webhook_id
    happens(ports)
    minutes = []
    for minute in range(26 * 60):
        if deliver_events("alpha", ports=ports, poster=receiver):
            minutes.append(minute)
        clock_of(ports).advance(60.0)
    # After 10, 20, 40, 80, 160 s, each seen at the next full minute; an hour apart at the end.
    assert minutes[:6] == [0, 1, 2, 3, 5, 8]
    assert minutes[-1] - minutes[-2] == 60
    standing = ports.webhooks.standing("alpha", webhook_id)
    assert (standing.waiting_count, standing.dead_count, standing.last_failure) == (0, 1, "status 500")
    ports.webhooks.revived_count("alpha", webhook_id, ports.clock.now())
    receiver.failure = None
    deliver_events("alpha", ports=ports, poster=receiver)
    assert ports.webhooks.standing("alpha", webhook_id).dead_count == 0


def test_what_waits_behind_a_failure_is_not_tried_in_the_same_round() -> None:
    ports, receiver = a_service("hall"), Receiver("status 500")
    a_webhook(ports)
    for _ in range(3):
        happens(ports)
    assert deliver_events("alpha", ports=ports, poster=receiver)
    assert len(receiver.got) == 1


def test_after_a_rotation_both_secrets_sign_for_a_day() -> None:
    ports, receiver = a_service("hall"), Receiver()
    old = a_webhook(ports)
    new = rotate_webhook(CALLER, old.webhook.webhook_id, ports=ports)
    assert isinstance(new, WebhookKept)
    genuine = []
    for _ in range(2):
        happens(ports)
        deliver_events("alpha", ports=ports, poster=receiver)
        _, headers, body = receiver.got[-1]
        now_s, signed = ports.clock.now().timestamp(), headers["Kwartier-Signature"]
        genuine.append([is_genuine(signed, body, one.secret, now_s=now_s) for one in (old, new)])
        clock_of(ports).advance(timedelta(days=1).total_seconds())
    assert genuine == [[True, True], [False, True]]


def test_a_webhook_is_encrypted_and_there_are_at_most_twenty() -> None:
    ports = a_service("hall")
    assert create_webhook(CALLER, "http://a.example.com/", (), ports=ports) == PlainWebhook()
    for _ in range(MOST_WEBHOOKS_COUNT):
        a_webhook(ports)
    assert create_webhook(CALLER, "https://a.example.com/", (), ports=ports) == TooManyWebhooks()
