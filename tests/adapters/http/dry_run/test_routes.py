"""The routes under /v1/sites/{site_id}/dry-run, on both databases."""

from tests.services.ready_site import ready_site
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID

PATH = f"/v1/sites/{SITE_ID}/dry-run"


async def test_devices_that_ask_are_told_nothing_in_a_dry_run_and_the_rest_sees_what_they_would_be(
    service: ServiceCase,
) -> None:
    async with service.caller() as http:
        ready_site(service.ports, service.partner_ids["Alpha"])
        assert (await http.get(PATH)).json()["dry_run"] is False
        await http.post(f"/v1/sites/{SITE_ID}/plans")
        before = (await http.get(f"/v1/sites/{SITE_ID}/setpoints")).json()
        answer = await http.put(PATH, json={"dry_run": True})
        assert answer.json() == (await http.get(PATH)).json()
        assert answer.json() == {"dry_run": True, "changed_at": "2026-03-02T07:00:00Z"}
        dry = (await http.get(f"/v1/sites/{SITE_ID}/setpoints")).json()
    assert (before["dry_run"], before["would_be"]) == (False, [])
    assert before["data"]
    assert (dry["dry_run"], dry["data"], dry["would_be"]) == (True, [], before["data"])


async def test_a_plan_of_a_dry_run_has_no_setpoints_to_send(service: ServiceCase) -> None:
    async with service.caller() as http:
        caller = ready_site(service.ports, service.partner_ids["Alpha"])
        kinds = []
        for dry_run in (False, True, False):
            await http.put(PATH, json={"dry_run": dry_run})
            service.clock.advance(1.0)
            await http.post(f"/v1/sites/{SITE_ID}/plans")
            waiting = service.ports.outbox.list_waiting(caller.partner_id, SITE_ID)
            kinds.append({one.subject.kind for one in waiting})
    assert kinds == [{"plan", "setpoint"}, {"plan"}, {"plan", "setpoint"}]


async def test_an_unknown_site_has_no_dry_run(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        assert (await http.get(PATH)).status_code == 404
        assert (await http.put(PATH, json={"dry_run": True})).status_code == 404
