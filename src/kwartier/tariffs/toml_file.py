"""A tariff file as plain values: TOML, with numbers exactly as they are written."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any


class UnreadableToml(ValueError):
    """A file that cannot be read, or is no TOML in UTF-8; the message says which, what is wrong and where."""


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file, fractions as Decimal; raises UnreadableToml."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise UnreadableToml(f"{path}: cannot be read: {error.strerror}; see its permissions") from None
    except UnicodeDecodeError:
        raise UnreadableToml(f"{path.name}: not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UnreadableToml(f"{path.name}: not TOML: {error}; correct the text there") from None
