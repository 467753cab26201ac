"""The key that signs tokens: the one of the settings, else one that is made once and kept in the data folder."""

import os
import secrets
import stat
from pathlib import Path

from kwartier.app.faults import UnusableSettings
from kwartier.app.settings import Settings

FILE_NAME = "secret_key"
KEY_BYTES = 48


def secret_key(settings: Settings) -> str:
    """The key; raises UnusableSettings where its file can be read by others, or cannot be made."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / FILE_NAME
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(str(path))
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UnusableSettings(f"{path}: others may read it; run chmod 600 {path}")
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableSettings(f"{path}: {error}; set KWARTIER_DATA_DIR to a folder of your own") from None
    if len(key) < KEY_BYTES:
        raise UnusableSettings(
            f"{path}: the key in it is cut off; remove the file, and all clients log in again"
        )
    return key


def _make(path: str) -> None:
    """Write a new key beside, then take the name; of two that start at once, one wins and both use its key."""
    beside = f"{path}.{os.getpid()}"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - the mode must be right from the first moment
        file.write(secrets.token_urlsafe(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        Path(beside).unlink()
