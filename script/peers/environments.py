"""The peers' environments: made once, outside the repository, with pinned packages from the package index."""

import os
import subprocess
import sys
from pathlib import Path

from participants import Environment

NOTE = "kwartier-packages.txt"


def default_folder() -> Path:
    """Where environments stay between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kwartier-peers"


def python_of(environment: Environment, folder: Path) -> Path:
    """The Python of an environment, which is made first where it is missing or has other packages.

    Raises RuntimeError with pip's last words where the packages cannot be installed.
    """
    if not environment.packages:
        return Path(sys.executable)
    home = folder / environment.name
    python, note, wanted = home / "bin" / "python", home / NOTE, "\n".join(environment.packages)
    if python.exists() and note.exists() and note.read_text(encoding="utf-8") == wanted:
        return python
    print(f"bench-peers: installing {', '.join(environment.packages)}", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(home)])
    _run([str(python), "-m", "pip", "install", "--quiet", *environment.packages])
    note.write_text(wanted, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or done.stdout.strip()).splitlines()[-1])
