"""Posts to addresses that partners named: within bounds, and never into the network that this machine stands in.

A name is looked up once and the connection goes to the address that was judged, so a name that changes its address in
between leads nowhere else (DNS rebinding). A redirect is an answer that is no success. (reliability.md, R49.)
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping

import httpx

from kwartier.adapters.outbound.bounded_get import DEADLINE_S


class BoundedPoster:
    """Implements `kwartier.service.ports.WebhookPoster`. `allows_private` is for tests and for receivers at home."""

    def __init__(self, *, allows_private: bool = False, deadline_s: float = DEADLINE_S) -> None:
        self._allows_private, self._deadline_s = allows_private, deadline_s

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """None where the receiver has taken it (2xx); else why not. Blocks its thread; not for an event loop."""
        return asyncio.run(self._timed(url, headers, body))

    async def _timed(self, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._post(httpx.URL(url), headers, body)
        except TimeoutError:
            return f"no whole answer within {self._deadline_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as failed:
            return type(failed).__name__

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> str | None:
        if url.scheme != "https" and not self._allows_private:
            return "its address is not https"
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await self._address(url.host, port)
        if address is None:
            return "its name leads into a private network"
        told = {**headers, "Host": url.netloc.decode(), "User-Agent": "kwartier"}
        async with (
            httpx.AsyncClient(timeout=None, follow_redirects=False, trust_env=False) as client,  # noqa: S113 - see _timed
            client.stream(
                "POST",
                url.copy_with(host=address),
                headers=told,
                content=body,
                extensions={"sni_hostname": url.host},
            ) as response,
        ):
            return None if response.is_success else f"status {response.status_code}"

    async def _address(self, host: str, port: int) -> str | None:
        """The first address of a name; None where any of them is one that nobody outside could reach."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(place[4][0]) for place in found]
        if not self._allows_private and not all(_is_public(one) for one in addresses):
            return None
        return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast
