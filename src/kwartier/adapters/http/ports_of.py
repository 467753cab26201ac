"""What a route works with."""

from typing import Annotated

from fastapi import Depends, Request

from kwartier.service.ports import Ports


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOf = Annotated[Ports, Depends(_ports)]
"""The ports that the app was made with."""
