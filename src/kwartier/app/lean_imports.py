"""Imports without what libraries take along, where they find it, for uses that the service has none of.

Each looks for these and does without: structlog and mako colour a traceback with rich and pygments, httpx has a command
line, and the dashboard's server has a client beside it that could use requests or aiohttp. Together: 17 MiB of a
service's 139, and half a second of its start (a service on SQLite that was just started).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("aiohttp", "pygments", "requests", "rich")


@contextmanager
def lean_imports() -> Iterator[None]:
    """Within the block the unused ones are not to be had; afterwards everything is as before.

    None in `sys.modules` is Python's own way to say so (reference, section 5.3.1). For the start only: another thread
    that imports one of them meanwhile would not find it.
    """
    loaded = {name: sys.modules.get(name) for name in UNUSED}
    sys.modules.update(dict.fromkeys(UNUSED))  # type: ignore[arg-type]  # typeshed knows no None here
    try:
        yield
    finally:
        for name, module in loaded.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
