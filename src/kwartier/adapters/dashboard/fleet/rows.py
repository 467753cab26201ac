"""The rows of all sites of a partner: read once for all who look on."""

from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.watching.fleet_row import FleetRow, list_fleet

# The list is read again so often while it is open; another who looks on has it not older than this.
EVERY_S, OLD_S = 10.0, 5.0


async def fleet_rows(viewer: Viewer) -> list[FleetRow]:
    """Every site of the viewer's partner as it was at most `OLD_S` ago, or when somebody saved one here."""
    return await viewer.works.looks.at(
        _key(viewer), OLD_S, lambda: list_fleet(viewer.caller, ports=viewer.ports)
    )


def forget_rows(viewer: Viewer) -> None:
    """Have the rows read anew: a site was made or changed."""
    viewer.works.looks.drop(_key(viewer))


def _key(viewer: Viewer) -> tuple[str, str]:
    return "fleet", viewer.caller.partner_id
