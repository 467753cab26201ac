"""The configuration that Mosquitto needs to keep what it has acknowledged (measured: ingest.md, section 6)."""

from dataclasses import dataclass

CONFIGURATION_FILE = "mosquitto.conf"
PASSWORD_FILE = "passwords"  # noqa: S105  # a file's name
ACCESS_FILE = "access"
STATE_FILE = "mosquitto.db"

# With Mosquitto's own limits (20 on their way, 1,000 queued per client) a burst of 10,000 lost 5,713 that it had
# acknowledged. A million messages of 250 bytes and their bookkeeping are some 500 MB if nobody ever reads them;
# the limit in bytes, counted per client, comes first.
MOST_INFLIGHT_COUNT = 1_000
MOST_QUEUED_COUNT = 1_000_000
MOST_QUEUED_BYTES = 256 * 2**20
SESSION_KEPT = "14d"
# A plan of 200 devices over three days has some 3 MB; nothing that comes in is nearly as large.
LARGEST_MESSAGE_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Listener:
    """An address that the broker listens at."""

    host: str
    port: int


def configuration_text(listener: Listener) -> str:
    """The file's text. Its paths are relative: the broker's working folder is its own.

    Its state is written once a second. What it acknowledged within the last second dies with it when it is killed, so
    senders that must lose nothing wait for `…/acknowledgements`.
    """
    return f"""# Written by kwartier serve; changes are overwritten.
per_listener_settings true
persistence true
persistence_location ./
persistence_file {STATE_FILE}
autosave_interval 1
autosave_on_changes false
max_inflight_messages {MOST_INFLIGHT_COUNT}
max_queued_messages {MOST_QUEUED_COUNT}
max_queued_bytes {MOST_QUEUED_BYTES}
message_size_limit {LARGEST_MESSAGE_BYTES}
persistent_client_expiration {SESSION_KEPT}
sys_interval 5
log_dest stderr
log_timestamp false
log_type error
log_type warning
log_type notice
log_type subscribe
log_type debug
connection_messages true
listener {listener.port} {listener.host}
allow_anonymous false
password_file {PASSWORD_FILE}
acl_file {ACCESS_FILE}
"""
