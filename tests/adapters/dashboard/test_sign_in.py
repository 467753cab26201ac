"""Who gets into the dashboard, for how long, and to what."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from kwartier.demo.fill_service import PARTNER
from tests.adapters.dashboard.browser import DemoService, sign_in

WRONG = "not the password"


@pytest.fixture
def visitor(dashboard: DemoService) -> Iterator[httpx.Client]:
    """What a browser without a page would send."""
    with httpx.Client(base_url=dashboard.url) as client:
        yield client


def form(dashboard: DemoService, **fields: str) -> dict[str, str]:
    return {
        "partner": PARTNER,
        "user": "see",
        "password": dashboard.password_by_user["see"],
        "next": "/",
        **fields,
    }


def test_a_user_signs_in_sees_the_page_that_was_asked_for_and_signs_out(
    stranger: Page, dashboard: DemoService
) -> None:
    sign_in(stranger, dashboard, path="/sites/demo-hub")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Demo charging hub")
    stranger.get_by_label("Account").click()
    stranger.get_by_role("button", name="Sign out").click()
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()
    stranger.goto(dashboard.url + "/sites/demo-hub")
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_page_without_a_session_leads_to_the_sign_in_and_a_file_is_refused(visitor: httpx.Client) -> None:
    page = visitor.get("/sites/demo-hub")
    assert (page.status_code, page.headers["location"]) == (303, "/dashboard/sign-in?next=/sites/demo-hub")
    assert visitor.get("/_nicegui/3/static/vue.js").status_code == 401
    assert visitor.post("/sites/demo-hub").status_code == 401


@pytest.mark.parametrize("wrong", [{"partner": "Nobody"}, {"user": "nobody"}, {"password": WRONG}])
def test_what_is_wrong_about_a_sign_in_is_not_said(
    visitor: httpx.Client, dashboard: DemoService, wrong: dict[str, str]
) -> None:
    answer = visitor.post("/sign-in", data=form(dashboard, **wrong))
    assert answer.status_code == 401
    assert "Company, user or password is wrong." in answer.text
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(
    visitor: httpx.Client, dashboard: DemoService
) -> None:
    answer = visitor.post("/sign-in", data=form(dashboard))
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("kwartier_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))


def test_behind_a_proxy_that_speaks_https_the_session_is_for_https_alone_and_ends_with_the_sign_out(
    visitor: httpx.Client, dashboard: DemoService
) -> None:
    name = (
        "__Host-kwartier_session"  # RFC 6265bis, section 4.1.3.2: Secure, for the whole host, without Domain
    )
    proxied = {"X-Forwarded-Proto": "https", "Origin": dashboard.service.url.replace("http:", "https:")}
    answer = visitor.post("/sign-in", data=form(dashboard), headers=proxied)
    cookie = answer.headers.get_list("set-cookie")[0]
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    sent = {"Cookie": cookie.split(";")[0]}
    assert sent["Cookie"].startswith(f"{name}=")
    assert visitor.get("/", headers={**proxied, **sent}).status_code == 200
    # Neither by http, nor under the name that http has.
    assert visitor.get("/", headers=sent).status_code == 303
    renamed = {"Cookie": sent["Cookie"].replace(name, "kwartier_session")}
    assert visitor.get("/", headers={**proxied, **renamed}).status_code == 303
    ended = visitor.post("/sign-out", headers={**proxied, **sent})
    forgotten = ended.headers.get_list("set-cookie")[0]
    assert forgotten.startswith(f'{name}=""; ')
    assert {"Secure", "Max-Age=0", "Path=/"} <= set(forgotten.split("; "))
    assert visitor.get("/", headers={**proxied, **sent}).status_code == 303


def test_a_sign_in_leads_to_no_other_server(visitor: httpx.Client, dashboard: DemoService) -> None:
    for place in ("//elsewhere.example", "https://elsewhere.example", r"/\elsewhere.example"):
        answer = visitor.post("/sign-in", data=form(dashboard, next=place))
        assert answer.headers["location"] == "/dashboard/"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_of_another_site_is_refused(
    visitor: httpx.Client, dashboard: DemoService, headers: dict[str, str]
) -> None:
    assert visitor.post("/sign-in", data=form(dashboard), headers=headers).status_code == 403
    assert visitor.post("/sign-out", headers=headers).status_code == 403


def test_a_session_opens_nothing_once_it_has_ended(visitor: httpx.Client, dashboard: DemoService) -> None:
    visitor.post("/sign-in", data=form(dashboard))
    token = dict(visitor.cookies)
    assert visitor.get("/").status_code == 200
    visitor.post("/sign-out")
    assert httpx.get(dashboard.url + "/", cookies=token).status_code == 303


def test_after_five_failures_even_the_right_password_has_to_wait(
    visitor: httpx.Client, dashboard: DemoService
) -> None:
    tries = [
        visitor.post("/sign-in", data=form(dashboard, user="administer", password=WRONG)) for _ in range(5)
    ]
    assert {one.status_code for one in tries} == {401}
    last = visitor.post("/sign-in", data=form(dashboard, user="administer"))
    assert last.status_code == 429
    assert 0 < int(last.headers["retry-after"]) <= 60


def test_a_site_of_somebody_else_is_as_unknown_as_one_that_never_was(
    page: Page, dashboard: DemoService
) -> None:
    answer = page.request.get(dashboard.url + "/sites/no-such-site")
    assert answer.status == 404
    assert "There is no such site." in answer.text()
