"""Where the broker's program is, and as which user it runs."""

import os
import pwd
import shutil
from pathlib import Path

# Debian puts it into a folder that only an administrator's PATH holds.
DEBIAN_PROGRAM = Path("/usr/sbin/mosquitto")
PACKAGE_USER = "mosquitto"


def broker_program() -> Path | None:
    """The program of Mosquitto; None where it is not installed."""
    found = shutil.which("mosquitto")
    if found is not None:
        return Path(found)
    return DEBIAN_PROGRAM if os.access(DEBIAN_PROGRAM, os.X_OK) else None


def broker_user() -> pwd.struct_passwd | None:
    """As whom the broker runs where this process is root: its package's user, else nobody; else None, as ourselves."""
    if os.geteuid() != 0:
        return None
    by_name = {entry.pw_name: entry for entry in pwd.getpwall()}
    return by_name.get(PACKAGE_USER) or by_name["nobody"]
