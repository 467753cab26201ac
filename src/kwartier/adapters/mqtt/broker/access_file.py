"""Mosquitto's access file: what each user may send and receive; everything else is refused."""

from collections.abc import Iterable

from kwartier.service.broker_credential import BrokerCredential
from kwartier.site.connections import connections_of

# `{asset_id}` stands for any device.
SENT_PURPOSES = ("measurements", "transactions")
RECEIVED_PURPOSES = ("setpoints", "plan", "errors", "acknowledgements")
STATUS_FILTER = "kwartier/status/+"


def access_file_text(service_username: str, credentials: Iterable[BrokerCredential]) -> str:
    """The file's text: the service may do everything of ours, a partner's user what belongs to its sites."""
    blocks = [
        f"user {service_username}\ntopic readwrite kwartier/#\ntopic read $SYS/broker/#\n",
        *map(_block, sorted(credentials, key=lambda one: one.username)),
    ]
    return "\n".join(blocks)


def _block(credential: BrokerCredential) -> str:
    topics = connections_of(credential.partner_id, credential.site_id or "+")
    lines = [f"user {credential.username}"]
    lines += [f"topic write {topics[purpose]}" for purpose in SENT_PURPOSES]
    lines += [f"topic read {topics[purpose].replace('{asset_id}', '+')}" for purpose in RECEIVED_PURPOSES]
    return "\n".join([*lines, f"topic read {STATUS_FILTER}", ""])
