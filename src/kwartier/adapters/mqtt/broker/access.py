"""Who may log in to the broker and what for, as the two files that Mosquitto reads."""

import hashlib
import secrets
from collections.abc import Sequence

from kwartier.adapters.mqtt.broker.access_file import access_file_text
from kwartier.adapters.mqtt.broker.configuration import ACCESS_FILE, PASSWORD_FILE
from kwartier.adapters.mqtt.broker.password_file import SALT_BYTES, password_file_text, password_hash
from kwartier.service.broker_credential import BrokerCredential


def new_password_hash(password: str) -> str:
    """What is kept of a new password, with a salt of its own."""
    return password_hash(password, secrets.token_bytes(SALT_BYTES))


def access_files(
    service_username: str, service_password: str, credentials: Sequence[BrokerCredential]
) -> dict[str, str]:
    """The text of each file by its name; the same for the same credentials, so that a change shows."""
    # The service's password is random in itself: a salt that follows from it hides as much as a random one.
    salt = hashlib.sha256(b"salt of " + service_password.encode()).digest()[:SALT_BYTES]
    hash_by_username = {one.username: one.password_hash for one in credentials}
    hash_by_username[service_username] = password_hash(service_password, salt)
    return {
        PASSWORD_FILE: password_file_text(hash_by_username),
        ACCESS_FILE: access_file_text(service_username, credentials),
    }
