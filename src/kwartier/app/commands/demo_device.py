"""How to be a device of the demo's site: a user of the broker, and a line that shows the setpoints."""

import sys
from typing import TYPE_CHECKING

from kwartier.adapters.cli.terminal import show_line

if TYPE_CHECKING:
    from kwartier.demo.fill_service import FilledDemo
    from kwartier.service.create_broker_credential import BrokerCredentialCreated
    from kwartier.service.ports import Ports


def new_device(filled: "FilledDemo", ports: "Ports") -> "BrokerCredentialCreated":
    """A user of the broker for the demo's site."""
    from kwartier.adapters.mqtt.broker.access import new_password_hash
    from kwartier.service.create_broker_credential import BrokerCredentialCreated, create_broker_credential
    from kwartier.service.partner import partner_of

    made = create_broker_credential(
        partner_of(filled.client_id),
        filled.site_id,
        partners=ports.partners,
        sites=ports.sites,
        credentials=ports.broker_credentials,
        ids=ports.ids,
        hashed=new_password_hash,
        clock=ports.clock,
    )
    assert isinstance(made, BrokerCredentialCreated)  # noqa: S101  # the partner and its site have just been made
    return made


def device_access(port: int, filled: "FilledDemo", device: "BrokerCredentialCreated") -> dict[str, str]:
    """How a device of the site talks to the broker, and a line of a shell that shows its setpoints as they come."""
    topic = f"kwartier/{device.partner_id}/{filled.site_id}/setpoints/#"
    login = {"username": device.username, "password": device.password}
    show = "lambda client, user, message: print(message.topic, message.payload.decode(), flush=True)"
    program = (
        "from paho.mqtt.subscribe import callback; "
        f"callback({show}, {topic!r}, hostname='127.0.0.1', port={port}, auth={login})"
    )
    url = f"mqtt://127.0.0.1:{port}"
    return {"url": url, **login, "line": f'{sys.executable} -c "{program}"'}


def show_device(device: dict[str, str] | None) -> None:
    """Say how to be a device of the demo's site; None where there is no broker."""
    if device is None:
        show_line("There is no MQTT; is Mosquitto installed (apt-get install mosquitto)?")
        return
    show_line(f"Broker:   {device['url']}")
    show_line(f"User:     {device['username']}")
    show_line(f"Password: {device['password']}")
    show_line("Its devices' setpoints, as they come:")
    show_line(f"  {device['line']}")
