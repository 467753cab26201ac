"""The broker's folder: its own, and its user's where this process is root."""

import os
from collections.abc import Mapping
from pathlib import Path

from kwartier.adapters.mqtt.broker.program import broker_user


def make_folder(folder: Path) -> None:
    """Make the folder, for the broker's user only; the folders above need not let that user through."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = broker_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def write_files(folder: Path, text_by_name: Mapping[str, str]) -> bool:
    """Write those files that say something else now, each whole or not at all; whether there was one."""
    changed = [name for name, text in text_by_name.items() if _read(folder / name) != text]
    for name in changed:
        _write(folder / name, text_by_name[name])
    return bool(changed)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    user = broker_user()
    if user is not None:
        os.chown(beside, user.pw_uid, user.pw_gid)
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
