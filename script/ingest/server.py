"""The service under test: `kwartier serve` on a database with every promise of durability kept."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from figures.process_figures import processor_s
from ingest.posting import SITES

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from tests.services.postgres import fresh_database, running_server
from tests.services.running_service import RunningService, run_kwartier, running_service


@dataclass(frozen=True)
class Served:
    """A running service with its sites, and a token for them."""

    service: RunningService
    token: str
    database_url: str
    partner_id: str

    @property
    def processor_s(self) -> float:
        """The processor time that the service's process has used."""
        return processor_s(self.service.process.pid)

    @property
    def memory_mib(self) -> float:
        """What the service's process holds now."""
        status = Path(f"/proc/{self.service.process.pid}/status").read_text(encoding="utf-8")
        held = dict(line.split(":", 1) for line in status.splitlines())
        return int(held["VmRSS"].split()[0]) / 1024.0


@contextmanager
def serving(kind: str, folder: Path, **more: str) -> Iterator[Served]:
    """The service on an empty database of a kind, with more settings where there are any."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/kwartier.db"
        if kind == "postgresql":
            server = stack.enter_context(
                running_server(settings=("shared_buffers=256MB", "max_wal_size=4GB"))
            )
            url = stack.enter_context(fresh_database(server, "bench"))
        # Rows of 2020 stay for as long as the measuring takes.
        kept = {"KWARTIER_MEASUREMENT_RETENTION_DAYS": "36500"}
        settings = {"KWARTIER_DATABASE_URL": url, **kept, **more}
        service = stack.enter_context(
            running_service(folder, crash=None, is_new_program=True, begins=None, **settings)
        )
        partner = run_kwartier(folder, "partner", "create", "Bench", "--json", **settings)
        client = run_kwartier(folder, "client", "create", "Bench", "--json", **settings)
        yield Served(service, _token_with_sites(service, client), url, partner["partner_id"])


def _token_with_sites(service: RunningService, client: dict[str, str]) -> str:
    with httpx.Client(base_url=service.url) as http:
        login = http.post(
            "/v1/identity/client-login",
            data={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        token: str = login.json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for number in range(SITES):
            # Not active: what is measured is the taking in, and not planning and control beside it.
            site = {**EXAMPLE_SITE, "site_id": f"hub-{number}", "active": False}
            http.post("/v1/sites", json=site).raise_for_status()
    return token
