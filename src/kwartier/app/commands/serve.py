"""`kwartier serve`: the service."""

import gc

from kwartier.app.lean_imports import lean_imports

EXAMPLE = """\b
Example:
  kwartier serve
  KWARTIER_HTTP_PORT=8080 KWARTIER_DATABASE_URL=postgresql://kwartier@db/kwartier kwartier serve"""


def serve() -> None:
    """Run the service until it is told to stop (SIGTERM, or Ctrl-C).

    Settings come from the environment or a TOML file; `kwartier config show` lists them.
    """
    gc.disable()  # what is imported is no garbage, to look for some takes a tenth of the start; `serve` enables it
    with lean_imports():
        from kwartier.app.serve import serve as serve_until_stopped
    from kwartier.app.settings import load_settings

    serve_until_stopped(load_settings())
