"""The routes under /v1/sites, on both databases."""

from copy import deepcopy
from typing import Any

import httpx
import pytest

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from tests.services.service_case import ServiceCase

SITE = "/v1/sites/brussels-hub"


def example(**fields: Any) -> dict[str, Any]:
    return {**deepcopy(EXAMPLE_SITE), **fields}


async def created(http: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/sites", json=example(**fields))
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_site_is_created_and_read_back(service: ServiceCase) -> None:
    async with service.caller() as http:
        answer = await http.post("/v1/sites", json=example())
        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        read = await http.get(SITE)
    assert (read.status_code, read.headers["etag"]) == (200, '"1"')
    assert read.json() == answer.json()
    site = read.json()
    assert site["partner_id"] == service.partner_ids["Alpha"]
    assert site["connections"]["measurements"] == f"kwartier/{site['partner_id']}/brussels-hub/measurements"
    # contract.md, section 1: the battery's defaults.
    battery = site["configurations"]["site_configuration"]["device_list"][3]
    assert (battery["charging_efficiency"], battery["charging_priority"]) == (0.95, 10)


async def test_a_document_with_errors_is_stored_and_says_so(service: ServiceCase) -> None:
    # contract.md, section 2: stored, not planned; every problem on a line of its own with its path.
    document = example()
    document["configurations"]["site_configuration"]["device_list"][0]["collector"] = "nowhere"
    document["configurations"]["optimization_configuration"] = None
    async with service.caller() as http:
        answer = await http.post("/v1/sites", json=document)
    assert answer.status_code == 201
    status = answer.json()["validation_status"]
    assert status["status"] == "ERROR"
    configuration = status["site_configuration_status"]
    assert configuration["configuration_added"]["status"] == "OK"
    lines = configuration["valid_for_optimization"]["validation_errors"].split("\n")
    assert [line.split(":")[0] for line in lines] == [
        "$.configurations.site_configuration.device_list[0].collector"
    ]
    assert status["optimization_configuration_status"]["status"] == "ERROR"


async def test_a_status_that_is_sent_in_is_ignored(service: ServiceCase) -> None:
    async with service.caller() as http:
        site = await created(http, validation_status={"status": "OK", "made": "up"})
    assert site["validation_status"]["last_validation"] == "2026-03-02T07:00:00Z"


async def test_a_name_is_taken_once(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        answer = await http.post("/v1/sites", json=example(name="Other"))
        assert (answer.status_code, answer.json()["code"]) == (409, "site_exists")
        assert (await http.get(SITE)).json()["name"] == EXAMPLE_SITE["name"]


async def test_two_partners_may_use_one_name(service: ServiceCase) -> None:
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        await created(alpha, name="A")
        await created(beta, name="B")
        assert (await alpha.get(SITE)).json()["name"] == "A"


async def test_a_put_replaces_the_document_and_keeps_it_active(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        document = {key: EXAMPLE_SITE[key] for key in ("site_id", "name", "location")}
        answer = await http.put(SITE, json=document)
    site = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (site["active"], site["country"]) == (True, None)
    assert site["configurations"]["site_configuration"] is None
    assert site["validation_status"]["site_configuration_status"]["configuration_added"]["status"] == "ERROR"


async def test_what_was_read_can_be_put_back_and_changes_nothing(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        first = await http.put(SITE, json=(await http.get(SITE)).json())
        second = await http.put(SITE, json=first.json())
        assert second.headers["etag"] == first.headers["etag"]
        assert second.json() == first.json()


async def test_a_patch_merges(service: ServiceCase) -> None:
    # RFC 7396: null removes, an object merges, a list is replaced.
    patch = {
        "country": None,
        "configurations": {"contract": None, "optimization_configuration": {"planning_horizon": "P3D"}},
    }
    async with service.caller() as http:
        await created(http)
        answer = await http.patch(SITE, json=patch)
    site = answer.json()
    assert answer.status_code == 200
    assert (site["country"], site["configurations"]["contract"]) == (None, None)
    optimization = site["configurations"]["optimization_configuration"]
    assert (optimization["planning_horizon"], optimization["peak_minimization"]["peak_limit"]) == (
        "P3D",
        20_000,
    )


async def test_a_patch_that_breaks_the_shape_is_refused_with_its_place(service: ServiceCase) -> None:
    patch = {"location": {"coordinates": [1, 2]}, "configurations": {"revenue": 3}}
    async with service.caller() as http:
        site = await created(http)
        answer = await http.patch(SITE, json=patch)
        assert answer.status_code == 422
        assert [one["loc"] for one in answer.json()["detail"]] == [
            ["body", "location", "coordinates"],
            ["body", "configurations", "revenue"],
        ]
        assert (await http.get(SITE)).json() == site


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_site_cannot_be_renamed(service: ServiceCase, method: str) -> None:
    async with service.caller() as http:
        await created(http)
        answer = await http.request(method, SITE, json=example(site_id="other"))
    assert (answer.status_code, answer.json()["code"]) == (400, "site_id_differs")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_change_is_made_to_what_was_read_or_not_at_all(service: ServiceCase, method: str) -> None:
    document = None if method == "DELETE" else example(name="Mine")
    async with service.caller() as http:
        await created(http)
        await http.patch(SITE, json={"name": "Theirs"})
        late = await http.request(method, SITE, headers={"If-Match": '"1"'}, json=document)
        assert (late.status_code, late.json()["code"]) == (412, "revision_conflict")
        assert (await http.get(SITE)).json()["name"] == "Theirs"
        in_time = await http.request(method, SITE, headers={"If-Match": '"2"'}, json=document)
        assert in_time.is_success


@pytest.mark.parametrize("etag", ["1", '"x"', 'W/"1"', '"1", "2"', '"99999999999999999999"', ""])
async def test_an_etag_that_was_never_given_out_is_refused(sqlite_service: ServiceCase, etag: str) -> None:
    async with sqlite_service.caller() as http:
        await created(http)
        answer = await http.patch(SITE, json={}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_precondition")


async def test_a_deleted_site_is_gone_and_can_be_created_again(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        assert (await http.delete(SITE)).status_code == 204
        for answer in (await http.get(SITE), await http.delete(SITE), await http.patch(SITE, json={})):
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_site")
        assert (await http.get("/v1/sites")).json()["data"] == []
        again = await http.post("/v1/sites", json=example())
        assert (again.status_code, again.headers["etag"]) == (201, '"3"')


async def test_the_history_says_who_changed_what_and_when(service: ServiceCase) -> None:
    one, two = service.client(), service.client()
    async with service.http(service.token(one)) as http:
        await created(http, name="First")
    service.clock.advance(60)
    async with service.http(service.token(two)) as http:
        await http.patch(SITE, json={"name": "Second"})
        await http.delete(SITE)
        page = (await http.get(f"{SITE}/history")).json()
    entries = [(one["revision_number"], one["change"], one["changed_by"]) for one in page["data"]]
    assert entries == [
        (3, "deleted", two.client_id),
        (2, "patched", two.client_id),
        (1, "created", one.client_id),
    ]
    assert [one["document"]["name"] for one in page["data"]] == ["Second", "Second", "First"]
    assert [one["changed_at"] for one in page["data"]] == [
        "2026-03-02T07:01:00Z",
        "2026-03-02T07:01:00Z",
        "2026-03-02T07:00:00Z",
    ]


async def test_the_history_comes_in_pages(service: ServiceCase) -> None:
    async with service.caller() as http:
        await created(http)
        for name in ("b", "c", "d", "e"):
            await http.patch(SITE, json={"name": name})
        revisions, query = [], {"page_size": "2"}
        while True:
            page = (await http.get(f"{SITE}/history", params=query)).json()
            revisions += [one["revision_number"] for one in page["data"]]
            if not page["has_next_page"]:
                break
            query["after"] = page["end_cursor"]
    assert revisions == [5, 4, 3, 2, 1]


async def test_sites_come_in_pages_by_id(service: ServiceCase) -> None:
    names = ["Z", "a", "b", "c", "d"]
    async with service.caller() as http:
        for name in reversed(names):
            await created(http, site_id=name)
        first = (await http.get("/v1/sites", params={"page_size": 2})).json()
        second = (await http.get("/v1/sites", params={"page_size": 2, "after": first["end_cursor"]})).json()
        third = (await http.get("/v1/sites", params={"page_size": 2, "after": second["end_cursor"]})).json()
    pages = [[site["site_id"] for site in page["data"]] for page in (first, second, third)]
    assert pages == [["Z", "a"], ["b", "c"], ["d"]]
    assert [page["has_next_page"] for page in (first, second, third)] == [True, True, False]


async def test_an_empty_list_has_no_cursor(service: ServiceCase) -> None:
    async with service.caller() as http:
        answer = await http.get("/v1/sites")
    assert answer.json() == {"data": [], "page_size": 20, "end_cursor": None, "has_next_page": False}


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=101", "page_size=1_0", "page_size=%2B5", "page_size=1e1", "page_size=٣",
     "page_size=99999999999999999999", "color=red", "after=" + "a" * 3_401],
)  # fmt: skip
async def test_a_page_that_cannot_be_is_refused(sqlite_service: ServiceCase, query: str) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.get(f"/v1/sites?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][0] == "query"


@pytest.mark.parametrize("cursor", ["%00", "!!!!", "AA", "", "é", "YnJ1c3NlbHMtaHVi=", "YQ"])
@pytest.mark.parametrize("path", ["/v1/sites", f"{SITE}/history"])
async def test_a_cursor_that_was_never_given_out_is_refused(
    sqlite_service: ServiceCase, path: str, cursor: str
) -> None:
    async with sqlite_service.caller() as http:
        await created(http)
        answer = await http.get(f"{path}?after={cursor}")
    is_place_in_list = path == "/v1/sites" and cursor == "YQ"  # the letter a
    assert answer.status_code == (200 if is_place_in_list else 400)


async def test_the_largest_page_is_accepted(sqlite_service: ServiceCase) -> None:
    # contract.md, section 6: 1 to 100.
    async with sqlite_service.caller() as http:
        for size in (1, 100):
            assert (await http.get("/v1/sites", params={"page_size": size})).json()["page_size"] == size
