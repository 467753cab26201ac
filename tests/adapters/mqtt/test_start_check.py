"""The service works with no broker that lets anybody in or forgets who was there (reliability.md, R09)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kwartier.adapters.mqtt import start_check
from kwartier.adapters.mqtt.broker import mosquitto
from kwartier.adapters.mqtt.broker.configuration import Listener, configuration_text
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.start_check import BrokerAway, BrokerSound, BrokerUnsafe, check_broker
from kwartier.app.faults import UnusableSettings
from kwartier.app.mqtt import running_mqtt
from kwartier.app.settings import Settings
from tests.adapters.mqtt.broker_case import BrokerCase, running_broker
from tests.services.described import ports_in_memory

ALLOWED = {"mqtt_allow_unsafe_broker": True}


@contextmanager
def broker_with(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str, other: str) -> Iterator[BrokerCase]:
    """A broker with another line in its configuration."""

    def text(listener: Listener) -> str:
        return configuration_text(listener).replace(line, other)

    with monkeypatch.context() as patched:
        patched.setattr(mosquitto, "configuration_text", text)
        with running_broker(folder / "broker") as case:
            yield case


def test_our_own_broker_is_sound(broker: BrokerCase) -> None:
    assert check_broker(broker.address, "probe") == BrokerSound()


def test_a_broker_that_lets_anybody_in_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with broker_with(tmp_path, monkeypatch, "allow_anonymous false", "allow_anonymous true") as open_broker:
        outcome = check_broker(open_broker.address, "probe")
        assert isinstance(outcome, BrokerUnsafe)
        assert ["without a password" in reason for reason in outcome.reasons] == [True]
        settings = Settings.model_validate({"data_dir": tmp_path, "mqtt_url": open_broker.url})
        ports = ports_in_memory()
        with (
            pytest.raises(UnusableSettings, match="ALLOW_UNSAFE_BROKER"),
            running_mqtt(settings, ports),
        ):
            pass
        with running_mqtt(settings.model_copy(update=ALLOWED), ports) as running:
            assert running.address == open_broker.address


def test_a_wrong_password_says_so(broker: BrokerCase) -> None:
    outcome = check_broker(replace(broker.address, password="wrong"), "probe")  # noqa: S106 - it opens nothing
    assert outcome == BrokerUnsafe(("it refuses the user or the password of KWARTIER_MQTT_URL",))


def test_a_broker_that_is_away_is_not_judged(broker: BrokerCase) -> None:
    outcome = check_broker(replace(broker.address, port=1), "probe")
    assert isinstance(outcome, BrokerAway)


def test_a_broker_that_forgets_sessions_is_not(broker: BrokerCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_check, "_welcome", forgetting(start_check._welcome))
    outcome = check_broker(broker.address, "probe")
    assert isinstance(outcome, BrokerUnsafe)
    assert ["forgets sessions" in reason for reason in outcome.reasons] == [True]


def forgetting(welcome: Callable[[BrokerAddress, str, int], Any]) -> Callable[[BrokerAddress, str, int], Any]:
    """A client whose session the broker has ended each time before it comes back."""

    def forgotten(address: BrokerAddress, client_id: str, session_expiry_s: int) -> Any:
        found = welcome(address, client_id, session_expiry_s)
        welcome(address, client_id, 0)
        return found

    return forgotten
