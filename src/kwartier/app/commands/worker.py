"""`kwartier worker`: plans sites beside the service."""

EXAMPLE = """\b
Example:
  KWARTIER_DATABASE_URL=postgresql://kwartier@db/kwartier KWARTIER_CONCURRENT_PLAN_COUNT=2 kwartier worker"""


def worker() -> None:
    """Plan the active sites each quarter-hour until told to stop (SIGTERM, or Ctrl-C).

    `kwartier serve` does so by itself; for a large fleet set KWARTIER_PLANNING_CYCLE=false there, and run as many
    workers as there are cores to spare.
    """
    from kwartier.app.settings import load_settings
    from kwartier.app.work import work

    work(load_settings())
