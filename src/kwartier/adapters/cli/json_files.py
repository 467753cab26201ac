"""Documents in, documents out: strict JSON from files or standard input; files are written whole or not at all."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kwartier.adapters.cli.faults import UnreadableFile, UnwritableFile, WrongUsage
from kwartier.units.json_text import LIMIT_BYTES, UnreadableJson, read_json

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kwartier.site.finding import Finding

M = TypeVar("M", bound="BaseModel")

STANDARD_INPUT = Path("-")


def read_value(source: Path) -> Any:
    """The JSON value that a file holds, or standard input for "-".

    Raises UnreadableFile, or UnreadableJson for a text that is no strict JSON or longer than 8 MiB.
    """
    data = read_bytes(source, LIMIT_BYTES)
    if len(data) > LIMIT_BYTES:
        most = f"{LIMIT_BYTES // 2**20} MiB"
        raise UnreadableJson(
            f"{name_of(source)}: larger than {most}, the most that is read; leave out what is not needed"
        )
    try:
        return read_json(data)
    except UnreadableJson as error:
        raise UnreadableJson(f"{name_of(source)}: {error}") from None


def read_document(model: "type[M]", source: Path) -> "tuple[M | None, list[Finding]]":
    """The document in a file as its model, or None and every fault of its shape; raises as `read_value`."""
    from kwartier.site.parse import parse_document

    return parse_document(model, read_value(source))


def name_of(source: Path) -> str:
    """How a source is called in messages."""
    return "standard input" if source == STANDARD_INPUT else str(source)


def read_bytes(source: Path, limit_bytes: int) -> bytes:
    """At most one byte more than the limit: whoever gets more than the limit refuses it. Raises UnreadableFile."""
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read(limit_bytes + 1) if sys.stdin is not None else b""
        with source.open("rb") as file:
            return file.read(limit_bytes + 1)
    except FileNotFoundError:
        raise UnreadableFile(f"{source}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise UnreadableFile(f"{source}: is a folder; name a file in it") from None
    except PermissionError:
        raise UnreadableFile(f"{source}: no permission to read it; change its permissions") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise UnreadableFile(f"{source!s}: cannot be read: {_reason(error)}; name another file") from None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def distinct(*paths: Path | None) -> None:
    """Raise WrongUsage where two of the paths are one and the same: an output would replace what another one holds."""
    seen: set[Path] = set()
    for path in paths:
        if path is None:
            continue
        place = path if path == STANDARD_INPUT else _place(path)
        if place in seen:
            raise WrongUsage(f"{path} is named twice; name a different file for each document")
        seen.add(place)


def _place(path: Path) -> Path:
    """Where a path leads; unlike Path.resolve this never fails, also where links go in a circle."""
    return Path(os.path.realpath(path))


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8 so that at every moment it is the old one or the new one, whole; raises UnwritableFile.

    A link is followed. What is no ordinary file, such as /dev/null or a pipe, is written to as it is.
    """
    try:
        target = _place(path)
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8")
        else:
            _replace(target, text)
    except FileNotFoundError:
        raise UnwritableFile(f"{path}: its folder does not exist; make it, or name another one") from None
    except (IsADirectoryError, NotADirectoryError):
        raise UnwritableFile(f"{path}: is a folder, or lies below a file; name a file in a folder") from None
    except PermissionError:
        raise UnwritableFile(
            f"{path}: no permission to write it; name another place or change its permissions"
        ) from None
    except (OSError, ValueError) as error:
        raise UnwritableFile(f"{path}: cannot be written: {_reason(error)}; name another place") from None


def _replace(target: Path, text: str) -> None:
    """Write beside the target, then take its place; a target that is write-protected stays as it is."""
    if target.is_dir():
        raise IsADirectoryError
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError
    beside = target.with_name(f".kwartier-{os.getpid()}.part")
    try:
        with beside.open("x", encoding="utf-8") as file:
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
