"""Calls in any order, against a model of what the service must then say (reliability.md, R36: the stateful phase).

The model is a dictionary: what a partner has made, at which revision. Each answer must be the one that follows from the
calls before it, and none of them a server's error; another partner must never see any of it.
"""

import asyncio
import os
from itertools import count
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kwartier.adapters.http.grid_limits.documents import EXAMPLE_LIMITS
from tests.adapters.http.objects import NOW
from tests.services.described import memory_service
from tests.services.ready_site import FIXED
from tests.services.site_data import example_site

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"

SERVICE = memory_service()
LOOP = asyncio.Runner()
NUMBERS = count()
SITE_IDS = st.sampled_from(["east", "west"])
NAMES = st.sampled_from(["Hall", "Hub", "Hangar"])


class Model:
    """A site as it must be read back: its name, its revision, what was set and made for it."""

    def __init__(self, name: str, revision: int) -> None:
        self.name, self.revision = name, revision
        self.plan_ids: list[str] = []
        self.transactions: set[str] = set()


class Calls(RuleBasedStateMachine):
    """One partner's calls, and a second partner who looks on."""

    def __init__(self) -> None:
        super().__init__()
        number = next(NUMBERS)
        self.own, self.other = (SERVICE.caller(f"{name} {number}") for name in ("Own", "Other"))
        self.sites: dict[str, Model] = {}
        self.revisions: dict[str, int] = {}
        self.limited: set[str] = set()  # what the grid operator said outlives the document

    def call(self, method: str, path: str, *, by: httpx.AsyncClient | None = None, **parts: Any) -> Any:
        answer = LOOP.run((by or self.own).request(method, f"/v1{path}", **parts))
        assert answer.status_code < 500, answer.text
        return answer

    def expect(self, status: int, method: str, path: str, **parts: Any) -> Any:
        answer = self.call(method, path, **parts)
        assert answer.status_code == status, answer.text
        return answer

    @rule(site_id=SITE_IDS, name=NAMES)
    def create(self, site_id: str, name: str) -> None:
        document = example_site(site_id=site_id, name=name)
        document["configurations"]["contract"] = FIXED
        known = self.sites.get(site_id)
        answer = self.expect(201 if known is None else 409, "POST", "/sites", json=document)
        if known is None:
            self.sites[site_id] = Model(name, self.changed(site_id, answer))

    @rule(site_id=SITE_IDS, name=NAMES, lead=st.integers(-1, 1))
    def patch(self, site_id: str, name: str, lead: int) -> None:
        known = self.sites.get(site_id)
        told = max(1, self.revisions.get(site_id, 1) + lead)
        status = 404 if known is None else 200 if told == known.revision else 412
        answer = self.expect(
            status, "PATCH", f"/sites/{site_id}", json={"name": name}, headers={"If-Match": f'"{told}"'}
        )
        if status == 200 and known is not None:
            known.revision = self.changed(site_id, answer, is_same=known.name == name)
            known.name = name

    @rule(site_id=SITE_IDS, new_id=SITE_IDS)
    def rename(self, site_id: str, new_id: str) -> None:
        is_known = site_id in self.sites
        status = 404 if not is_known else 200 if site_id == new_id else 400
        self.expect(status, "PATCH", f"/sites/{site_id}", json={"site_id": new_id})

    @rule(site_id=SITE_IDS)
    def delete(self, site_id: str) -> None:
        self.expect(204 if site_id in self.sites else 404, "DELETE", f"/sites/{site_id}")
        if self.sites.pop(site_id, None) is not None:
            self.revisions[site_id] += 1

    @rule(site_id=SITE_IDS)
    def read_history(self, site_id: str) -> None:
        path = f"/sites/{site_id}/history?page_size=100"
        answer = self.expect(200 if site_id in self.revisions else 404, "GET", path)
        if site_id in self.revisions:
            assert len(answer.json()["data"]) == self.revisions[site_id]

    @rule(site_id=SITE_IDS, power_w=st.sampled_from([0.0, 5_000.0]))
    def measure(self, site_id: str, power_w: float) -> None:
        reading = {
            "siteId": site_id,
            "assetId": "main",
            "timestamp": NOW.isoformat(),
            "energyValue": power_w,
            "powerValue": power_w,
        }
        answer = self.expect(200 if site_id in self.sites else 404, "POST", "/measurements", json=reading)
        if site_id in self.sites:
            assert answer.json()["status"] in {"stored", "unchanged", "corrected"}

    @rule(site_id=SITE_IDS, transaction_id=st.sampled_from(["a", "b"]))
    def charge(self, site_id: str, transaction_id: str) -> None:
        message = {
            "siteId": site_id,
            "assetId": "pole_1",
            "transactionId": transaction_id,
            "timestamp": NOW.isoformat(),
            "transactionState": "Started",
            "startTime": NOW.isoformat(),
        }
        known = self.sites.get(site_id)
        self.expect(404 if known is None else 200, "POST", "/transactions", json=message)
        if known is not None:
            known.transactions.add(transaction_id)
            read = self.expect(200, "GET", f"/sites/{site_id}/transactions").json()["data"]
            assert known.transactions <= {one["transactionId"] for one in read}

    @rule(site_id=SITE_IDS)
    def plan(self, site_id: str) -> None:
        known = self.sites.get(site_id)
        answer = self.call("POST", f"/sites/{site_id}/plans")
        assert answer.status_code in ({404} if known is None else {200, 201}), answer.text
        if known is not None:
            known.plan_ids.append(answer.json()["plan_id"])
            read = self.expect(200, "GET", f"/sites/{site_id}/plans/{known.plan_ids[-1]}")
            assert read.content == answer.content

    @rule(site_id=SITE_IDS)
    def read_plans(self, site_id: str) -> None:
        known = self.sites.get(site_id)
        answer = self.expect(404 if known is None else 200, "GET", f"/sites/{site_id}/plans?page_size=100")
        if known is not None:
            assert set(known.plan_ids) <= {one["plan_id"] for one in answer.json()["data"]}

    @rule(site_id=SITE_IDS)
    def limit(self, site_id: str) -> None:
        known = self.sites.get(site_id)
        self.expect(
            404 if known is None else 200, "PUT", f"/sites/{site_id}/grid-limits", json=EXAMPLE_LIMITS
        )
        if known is not None:
            self.limited.add(site_id)

    @rule(site_id=SITE_IDS)
    def beat(self, site_id: str) -> None:
        is_limited = site_id in self.sites and site_id in self.limited
        self.expect(200 if is_limited else 404, "POST", f"/sites/{site_id}/grid-limits/heartbeat")

    @invariant()
    def what_was_made_is_read_back(self) -> None:
        read = {one["site_id"]: one for one in self.expect(200, "GET", "/sites").json()["data"]}
        assert {site_id: one["name"] for site_id, one in read.items()} == {
            site_id: model.name for site_id, model in self.sites.items()
        }

    @rule(site_id=SITE_IDS)
    def look_on(self, site_id: str) -> None:
        assert self.expect(200, "GET", "/sites", by=self.other).json()["data"] == []
        self.expect(404, "GET", f"/sites/{site_id}", by=self.other)

    def changed(self, site_id: str, answer: Any, *, is_same: bool = False) -> int:
        """The revision that an answer names: one more than before, unless nothing changed."""
        revision = int(answer.headers["ETag"].strip('"'))
        assert revision == self.revisions.get(site_id, 0) + (not is_same)
        self.revisions[site_id] = revision
        return revision


TestCalls = Calls.TestCase
TestCalls.settings = settings(
    max_examples=1_000 if IS_NIGHTLY else 20,
    stateful_step_count=50 if IS_NIGHTLY else 25,
    suppress_health_check=list(HealthCheck),
)
