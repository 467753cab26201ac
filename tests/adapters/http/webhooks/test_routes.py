"""The routes under /v1/webhooks, on both databases."""

import pytest

from kwartier.adapters.http.webhooks.documents import EXAMPLE_WEBHOOK
from kwartier.service.announce import announce
from tests.services.hub import SITE, new_hub
from tests.services.service_case import ServiceCase

ALL = "/v1/webhooks"


async def test_a_webhook_is_made_read_rotated_and_deleted(service: ServiceCase) -> None:
    async with service.caller() as http:
        made = await http.post(ALL, json=EXAMPLE_WEBHOOK)
        assert made.status_code == 201
        one = f"{ALL}/{made.json()['webhook_id']}"
        shown = (await http.get(one)).json()
        assert shown == (await http.get(ALL)).json()["data"][0]
        assert "secret" not in shown
        assert {name: shown[name] for name in EXAMPLE_WEBHOOK} == EXAMPLE_WEBHOOK
        assert (shown["waiting_count"], shown["dead_count"], shown["last_failure"]) == (0, 0, None)
        rotated = (await http.post(f"{one}/rotate")).json()
        assert rotated["secret"] != made.json()["secret"]
        assert (await http.delete(one)).status_code == 204
        assert [(await http.get(one)).status_code, (await http.delete(one)).status_code] == [404, 404]


async def test_what_was_given_up_is_sent_again_when_asked(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        webhook_id = (await http.post(ALL, json={"url": "https://a.example.com"})).json()["webhook_id"]
        partner_id, ports = service.partner_ids["Alpha"], service.ports
        now = service.clock.now()
        announce(partner_id, SITE, "plan_made", now, {}, log=ports.events, channel=ports.channel)
        (due,) = ports.webhooks.take_due(partner_id, now, now, 10)
        ports.webhooks.failed(due, None, "status 500")
        assert (await http.get(f"{ALL}/{webhook_id}")).json()["dead_count"] == 1
        assert (await http.post(f"{ALL}/{webhook_id}/retry")).json() == {"count": 1}
        assert (await http.get(f"{ALL}/{webhook_id}")).json()["waiting_count"] == 1


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://a.example.com/", 400, "plain_webhook"),
        ("ftp://a.example.com/", 422, "invalid"),
        ("https://user:password@a.example.com/", 422, "invalid"),
        ("https://a.example.com/ b", 422, "invalid"),
        ("https:///nowhere", 422, "invalid"),
        ("gopher://a.example.com/", 422, "invalid"),
    ],
)
async def test_an_address_that_is_none_is_refused(
    sqlite_service: ServiceCase, url: str, status: int, code: str
) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.post(ALL, json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_partner_has_at_most_twenty(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        for number in range(20):
            assert (await http.post(ALL, json={"url": f"https://a.example.com/{number}"})).is_success
        answer = await http.post(ALL, json={"url": "https://a.example.com/20"})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
        page = (await http.get(ALL, params={"page_size": 15})).json()
        rest = (await http.get(ALL, params={"page_size": 15, "after": page["end_cursor"]})).json()
    assert (len(page["data"]), page["has_next_page"], len(rest["data"]), rest["has_next_page"]) == (
        15,
        True,
        5,
        False,
    )
