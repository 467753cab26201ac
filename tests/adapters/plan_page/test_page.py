"""The plan page as one file: complete, alone, and safe whatever the names in it."""

import html
import json
import re
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs

from kwartier.adapters.plan_page import render_plan_page
from tests.adapters.plan_page.plan_case import make_case

_EVIL = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"


class _Elements(HTMLParser):
    """Collects what a browser would see: elements with their attributes, and the content of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[str] = []
        self.text: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, _tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.raw if self._inside in ("script", "style") else self.text).append(data)


def _parse(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    parser.close()
    return parser


def _data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def _tile(page: str, label: str) -> str:
    found = re.search(rf'<div class="label">{label}</div><div class="value">([^<]*)</div>', page)
    assert found is not None
    return found.group(1)


def _with_name(old: str, new: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The case with one name exchanged wherever it stands, as key or as value."""
    request, plan = make_case()
    quoted_old, quoted_new = json.dumps(old), json.dumps(new)
    return (
        json.loads(json.dumps(request).replace(quoted_old, quoted_new)),
        json.loads(json.dumps(plan).replace(quoted_old, quoted_new)),
    )


def test_nothing_is_loaded_from_anywhere() -> None:
    parsed = _parse(render_plan_page(*make_case()))
    loading = {"src", "srcset", "data", "action", "poster", "background"}
    for tag, attributes in parsed.elements:
        assert not loading & set(attributes), (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert tag not in ("link", "iframe", "object", "embed", "base")
    policies = [attributes["content"] for tag, attributes in parsed.elements if "http-equiv" in attributes]
    assert len(policies) == 1
    assert (policies[0] or "").startswith("default-src 'none';")
    own_text = "".join(raw for raw in parsed.raw if len(raw) < 1_000_000)
    assert "@import" not in own_text
    assert not re.search(r"url\(|https?:", own_text)


def test_plotly_js_is_inside_and_can_not_end_its_script_element() -> None:
    page = render_plan_page(*make_case())
    assert get_plotlyjs()[:2000] in page
    assert page.count("<script") == page.count("</script>") == 3


def test_every_device_and_collector_with_something_to_show_is_on_the_page() -> None:
    page = render_plan_page(*make_case())
    charts = _data(page)["charts"]
    assert set(charts) == {"prices", "power", "charge", "poles", "board-0", "board-1", "board-2"}
    names = {trace.get("name") for trace in charts["power"]["data"]}
    assert {"building", "roof_pv", "bess", *(f"pole_{number}" for number in range(1, 7))} <= names
    assert charts["charge"]["data"][0]["name"] == "bess"
    boards = re.findall(r'<span class="board"[^>]*>([^<]*)</span>', page)
    assert boards == ["main", "board_a", "board_b"]


@pytest.mark.parametrize("name", ["prices", "power", "charge", "poles", "board-0", "board-1", "board-2"])
def test_charts_are_valid_plotly_figures(name: str) -> None:
    chart = _data(render_plan_page(*make_case()))["charts"][name]
    plain_colours = json.loads(re.sub(r'"var\(--[a-z-]+\)"', '"#123456"', json.dumps(chart)))
    assert len(go.Figure(plain_colours).data) == len(chart["data"])


@pytest.mark.parametrize("name", ["Depot Zuid & Co", "pole_2", "bess", "board_b", "tx-5", "building"])
def test_a_name_can_not_become_markup(name: str) -> None:
    request, plan = _with_name(name, _EVIL)
    plan["warnings"] = [_EVIL]
    plan["plan_id"] = _EVIL
    plan["status"] = _EVIL
    plan["reasons"] = dict.fromkeys(plan["devices"], [_EVIL] * 97)
    plan["limit_violations"] = [
        {"collector": _EVIL, "phase": _EVIL, "step": 1, "current_a": 70.0, "limit_a": 63.0},
    ]
    page = render_plan_page(request, plan)
    parsed = _parse(page)
    assert page.count("<script") == 3
    assert [
        attributes for tag, attributes in parsed.elements if tag == "img" or "onerror" in attributes
    ] == []
    assert _EVIL in "".join(parsed.text)
    for chart in _data(page)["charts"].values():
        shown = [label["text"] for label in chart["layout"].get("annotations", [])]
        for trace in chart["data"]:
            shown += trace.get("text", []) + trace.get("hovertext", [])
        assert not any("<script" in text or "<img" in text for text in shown)


def test_the_tiles_give_the_figures_of_the_plan() -> None:
    request, plan = make_case()
    page = render_plan_page(request, plan)
    hours = [step["hours"] for step in plan["steps"]]
    poles = [plan["devices"][f"pole_{number}"]["power_w"] for number in range(1, 7)]
    charged_kwh = sum(power * hour for pole in poles for power, hour in zip(pole, hours, strict=True)) / 1000
    assert _tile(page, "Planned cost") == "25.35 EUR"
    assert _tile(page, "Saving") == "19.65 EUR"  # 45.00 − 25.35
    assert "against charging on arrival, 44\N{NO-BREAK SPACE}%" in page  # 19.65 / 45.00
    assert _tile(page, "Peak offtake") == f"{max(plan['offtake_w']) / 1000:.1f} kW"
    assert _tile(page, "Charged") == f"{charged_kwh:.1f} kWh"
    assert _tile(page, "Not charged") == f"{sum(plan['unserved_wh'].values()) / 1000:.1f} kWh"
    assert _tile(page, "Limit violations") == "0"
    assert _tile(page, "Warnings") == "2"


def test_a_plan_that_costs_more_says_so() -> None:
    request, plan = make_case()
    plan["money"]["total"] = 50.0
    page = render_plan_page(request, plan)
    assert _tile(page, "Extra cost") == "5.00 EUR"
    assert "Saving" not in page


def test_what_a_plan_does_not_say_is_a_dash_and_no_all_clear() -> None:
    _, plan = make_case()
    page = render_plan_page({"site": {"name": "Bare"}}, {"steps": plan["steps"], "prices": None})
    for label in ("Saving", "Peak offtake", "Charged", "Not charged", "Limit violations", "Warnings"):
        assert _tile(page, label) == "–"
    assert _data(page)["charts"] == {}
    for sentence in (
        "The plan has no prices.",
        "No battery whose state of charge is known.",
        "The plan does not say.",
    ):
        assert sentence in page


def test_a_plan_without_steps_is_a_page_too() -> None:
    page = render_plan_page({"site": {}}, {"site_id": "s-1", "steps": []}, timezone="Europe/Brussels")
    assert "The plan has no steps." in page
    assert "<title>s-1 – plan</title>" in page


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("prices", {"offtake_eur_per_mwh": [], "injection_eur_per_mwh": None}),
        ("devices", {}),
        ("collectors", {}),
        ("money", None),
        ("warnings", None),
        ("reasons", {"pole_1": []}),
        ("unserved_wh", None),
        ("solve", None),
        ("expected_sessions", [{"transaction_id": "e", "asset_id": "pole_1", "power_w": [900.0] * 97}]),
    ],
)
def test_each_part_of_a_plan_may_be_empty(key: str, value: Any) -> None:
    request, plan = make_case()
    plan[key] = value
    charts = _data(render_plan_page(request, plan))["charts"]
    assert ("prices" in charts) == (key != "prices")
    assert ("poles" in charts) == ("charge" in charts) == (key != "devices")
    assert ("board-0" in charts) == (key != "collectors")


def test_the_page_is_the_same_for_the_same_plan_and_leaves_it_alone() -> None:
    request, plan = make_case()
    before = deepcopy((request, plan))
    assert render_plan_page(request, plan) == render_plan_page(request, plan)
    assert (request, plan) == before


def test_the_requests_time_zone_goes_before_the_argument() -> None:
    request, plan = make_case(zone="Europe/Brussels")
    page = render_plan_page(request, plan, timezone="Asia/Tokyo")
    assert "Mon 3 Mar 2025, 07:52 – Tue 4 Mar 07:52" in page
    del request["timezone"]
    assert "Mon 3 Mar 2025, 15:52 – Tue 4 Mar 15:52" in render_plan_page(request, plan, timezone="Asia/Tokyo")


def test_an_unknown_time_zone_is_refused() -> None:
    request, plan = make_case()
    with pytest.raises(ZoneInfoNotFoundError):
        render_plan_page(request | {"timezone": "Europe/Nowhere"}, plan)


def test_the_day_the_clocks_go_back_is_told_and_drawn_once() -> None:
    request, plan = make_case(datetime(2025, 10, 25, 16, 7, 30, tzinfo=UTC))
    page = render_plan_page(request, plan)
    assert "The clocks go back on Sun 26 Oct, to 02:00 CET." in page
    price_line = _data(page)["charts"]["prices"]["data"][0]
    assert price_line["x"] == sorted(set(price_line["x"]))  # no hour runs twice over the same place
    assert [label for _, _, label in _data(page)["ticks"]].count("02:30") == 2


def test_violations_are_told_in_words_and_open_their_board() -> None:
    request, plan = make_case()
    plan["limit_violations"] = [
        {"collector": "board_b", "phase": "L2", "step": step, "current_a": 60.0 + step, "limit_a": 63.0}
        for step in (4, 5, 6, 9)
    ] + [{"collector": "main", "phase": None, "step": 4, "power_w": 52000.0, "limit_w": 45000.0}]
    page = html.unescape(render_plan_page(request, plan))
    assert _tile(page, "Limit violations") == "3"  # three quarters in a row are one
    assert "<b>board_b, phase L2</b>: up to 66.0 A, limit 63.0 A" in page
    assert "Mon 3 Mar 08:45–09:30" in page  # steps 4 to 6 after 07:52, 08:00
    assert "<b>main</b>: up to 52.0 kW, limit 45.0 kW" in page
    highlighted = [t for t in _data(page)["charts"]["board-2"]["data"] if t.get("name") == "Beyond the limit"]
    assert len(highlighted) == 2


def test_roots_broken_and_the_fullest_boards_stand_open() -> None:
    request, plan = make_case()
    configuration = request["site"]["configurations"]["site_configuration"]
    for number in range(6):
        name = f"spare_{number}"
        configuration["collector_list"][0]["children"].append({"name": name, "line_current": 20})
        plan["collectors"][name] = {"current_a": {"L1": [float(13 + number)] * 97}}
    plan["limit_violations"] = [
        {"collector": "board_b", "phase": "L1", "step": 4, "current_a": 64.0, "limit_a": 63.0}
    ]
    page = render_plan_page(request, plan)
    folds = re.findall(r'<details( open)?><summary><span class="board"[^>]*>([^<]*)</span>', page)
    # spare_2 to spare_5 carry 15 to 18 A of 20 A: 75 to 90 %, fuller than the two boards at 51 %.
    assert {name for is_open, name in folds if is_open} == {
        "main",
        "board_b",
        *(f"spare_{n}" for n in range(2, 6)),
    }
    assert len(folds) == 9


def test_importing_the_package_does_not_import_plotly() -> None:
    code = "import sys, kwartier.adapters.plan_page; print('plotly' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
