"""Every command of docs/tour.md, one after the other, against a fresh service; and the typed client on the same one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from kwartier.client import Kwartier, operation, plans, sites
from tests.house.project import ROOT
from tests.services.running_service import running_service

TOUR = ROOT / "docs" / "tour.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# What may not be left out of the tour: every kind of address but those that the client's tests cover.
SHOWN = ("sites", "measurements", "transactions", "prices", "plans", "setpoints", "events", "metrics")


def test_every_command_of_the_tour_does_what_it_says(tmp_path: Path) -> None:
    assert shutil.which("curl"), "the tour needs curl; install it"
    blocks = BLOCK.findall(TOUR.read_text(encoding="utf-8"))
    text = "\n".join(blocks)
    assert [word for word in SHOWN if word not in text] == []
    with running_service(tmp_path) as server:
        client = server.new_client("Tour")
        access = {"CLIENT_ID": client["client_id"], "CLIENT_SECRET": client["client_secret"]}
        # All but the last block, which deletes the site: the client reads it before.
        *before, last = blocks
        run("\n".join(before), server.url, access)
        with Kwartier(server.url, client["client_id"], client["client_secret"]) as kwartier:
            assert kwartier.send(operation.readiness()) == "ready"
            assert [site.site_id for site in kwartier.every(sites.list_all())] == ["brussels-hub"]
            assert kwartier.send(sites.read("brussels-hub")).site.name == "Hub"
            assert kwartier.send(plans.latest("brussels-hub")).status == "optimal"
        run("\n".join([*blocks[:2], last]), server.url, access)


def run(commands: str, url: str, access: dict[str, str]) -> None:
    """Run the commands in one shell, which stops at the first that fails and says which it was."""
    result = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", commands],
        env={"PATH": os.environ["PATH"], "URL": url, **access},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-2000:]
