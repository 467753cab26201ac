"""The rules on random sites that are built out of valid and broken parts."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kwartier.site.document import Site
from kwartier.site.finding import errors
from kwartier.site.rules import validate_site
from kwartier.site.rules.registry import RULES
from kwartier.site.tree import electrical_tree
from tests.site.cases import read_case
from tests.site.json_places import steps

NAMES = st.sampled_from(["a", "b", "c", "d", "e", "ghost"])
PHASES = st.lists(st.sampled_from(["L1", "L2", "L3", "N"]), max_size=4)
PERMUTATIONS = st.one_of(
    st.none(),
    st.permutations(["L1", "L2", "L3"]).map(lambda parent: {"parent": parent, "child": ["L1", "L2", "L3"]}),
    st.sampled_from(["L1", "L2", "L3"]).map(lambda phase: {"parent": [phase], "child": ["L1"]}),
    st.fixed_dictionaries({"parent": PHASES, "child": PHASES}),
)
PINS = st.lists(st.sampled_from(["pin1", "pin2", "pin3", "pin4"]), max_size=4)
POLICIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["schedule", "wish"]),
        "schedule": st.one_of(
            st.fixed_dictionaries(
                {
                    "frequency": st.sampled_from(["weekly", "daily"]),
                    "day_of_week": st.lists(st.sampled_from(["Monday", "someday"]), max_size=2),
                    "time": st.just("09:00"),
                    "timezone": st.sampled_from(["Europe/Brussels", "Europe", "", "\0", "../x"]),
                }
            ),
            st.just({"frequency": "once", "date_times": []}),
        ),
        "minimum_state_of_charge": st.integers(0, 100),
        "maximum_state_of_charge": st.integers(0, 100),
    }
)
DEVICES = st.fixed_dictionaries(
    {"name": st.sampled_from(["p", "q", "r", "s", "a"]), "collector": NAMES}
).flatmap(
    lambda both: st.one_of(
        st.fixed_dictionaries(
            {
                "line_current": st.integers(0, 63),
                "pin_to_phase_mapping": st.fixed_dictionaries({"pin_list": PINS, "phase_list": PHASES}),
            }
        ),
        st.just({"type": "dc_charging_pole", "max_power": 50_000}),
        st.fixed_dictionaries(
            {
                "type": st.just("forecasted_series_3phase"),
                "line_current": st.just(32),
                "forecast_type": st.sampled_from(["pv", "load", "sun"]),
                "should_be_aggregated": st.booleans(),
            }
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("battery_energy_storage_system"),
                "maximum_charging_power": st.just(1000),
                "maximum_discharging_power": st.just(1000),
                "operational_battery_capacity": st.just(1000),
                "policies": st.lists(POLICIES, max_size=2),
            }
        ),
        st.just({"type": "windmill", "height": 3}),
    ).map(lambda own: {**both, **own})
)


def collectors(children: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": NAMES,
            "line_current": st.integers(0, 400),
            "children": st.lists(children, max_size=3),
            "phase_permutations": PERMUTATIONS,
            "line_voltage": st.sampled_from([None, None, 230, 400, 410, 690]),
            "phase_voltage": st.sampled_from([None, None, None, 133, 230, 400]),
            "1P_3P": st.sampled_from(["3P", "3P", "1P", "2P"]),
        }
    )


REFERENCES = NAMES | st.none()
COLLECTORS = collectors(REFERENCES | collectors(REFERENCES | collectors(REFERENCES)))
CONTRACTS = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "contract_type": st.just("dynamic"),
            "injection_coefficient": st.floats(-100, 100),
            "offtake_coefficient": st.floats(-100, 100),
            "offtake_constant_cost_per_mwh": st.floats(-1e6, 1e6),
        }
    ),
    st.just({"contract_type": None, "x": [1]}),
)
DSOS = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "dso": st.sampled_from(["Fluvius", "RESA", "Sibelga", "EDF"]),
            "region": st.sampled_from(["All", "Imewo", "Fluvius Iveka", "", "Mars"]),
            "connection_type": st.sampled_from(["LS net", "MS", "BT", ""]),
        }
    ),
)
SITES = st.fixed_dictionaries(
    {
        "site_id": st.just("s"),
        "name": st.just("s"),
        "country": st.sampled_from([None, "BE", "", "ZZ", "be"]),
        "location": st.fixed_dictionaries(
            {
                "name": st.just("x"),
                "coordinates": st.just([50.85, 4.35, 20])
                | st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
            }
        ),
        "configurations": st.fixed_dictionaries(
            {
                "site_configuration": st.none()
                | st.fixed_dictionaries(
                    {
                        "device_list": st.lists(DEVICES, max_size=4),
                        "collector_list": st.lists(COLLECTORS, max_size=5),
                    }
                ),
                "contract": CONTRACTS,
                "dso": DSOS,
            }
        ),
    }
)
SIMPLE_TREES = st.fixed_dictionaries(
    {
        "child_type": st.sampled_from(["1P", "3P"]),
        "permutations": PERMUTATIONS,
        "root": st.sampled_from([230, 400]),
    }
)


@settings(max_examples=150, deadline=None)
@given(SITES)
def test_the_rules_judge_any_site_and_a_site_without_errors_is_a_tree(document: dict[str, Any]) -> None:
    site = Site.model_validate(document)
    findings = validate_site(site)
    severity_of = {rule.id: rule.severity for rule in RULES}
    for finding in findings:
        assert finding.severity == severity_of[finding.rule]
        assert steps(finding.path)
        assert finding.message
    assert validate_site(site) == findings
    configuration = site.configurations.site_configuration
    if configuration is not None and not errors(findings):
        tree = electrical_tree(configuration)
        assert {device.collector for device in configuration.device_list} <= set(tree.boards)


@settings(max_examples=100, deadline=None)
@given(SIMPLE_TREES)
def test_a_board_is_refused_exactly_where_two_of_its_phases_cannot_be_placed(drawn: dict[str, Any]) -> None:
    child = {
        "name": "b",
        "line_current": 16,
        "1P_3P": drawn["child_type"],
        "phase_permutations": drawn["permutations"],
    }
    root = {"name": "a", "line_current": 63, "line_voltage": drawn["root"], "children": [child]}
    named = drawn["permutations"] or {"parent": [], "child": []}
    own = ["L1"] if drawn["child_type"] == "1P" else ["L1", "L2", "L3"]
    pairs = dict(zip(named["child"], named["parent"], strict=False))
    placed = [pairs.get(phase, phase) for phase in own]
    is_sound = (
        len(named["parent"]) == len(named["child"]) == len(pairs)
        and set(pairs) <= set(own)
        and set(placed) <= {"L1", "L2", "L3"}
        and len(set(placed)) == len(placed)
    )
    site = site_of([root])
    assert (errors(validate_site(site)) == []) == is_sound
    if is_sound and site.configurations.site_configuration is not None:
        board = electrical_tree(site.configurations.site_configuration).boards["b"]
        assert [f"L{board.root_line_index[phase] + 1}" for phase in board.phases] == placed


def site_of(collector_list: list[Any], device_list: list[Any] | None = None) -> Site:
    document = read_case("fine_no_cost_minimisation")["document"]
    parts = {"device_list": device_list or [], "collector_list": collector_list}
    configurations = {**document["configurations"], "site_configuration": parts}
    return Site.model_validate({**document, "configurations": configurations})


def test_collectors_nested_deeper_than_text_is_read_are_judged() -> None:
    board: dict[str, Any] = {"name": "b0", "line_current": 3}
    for index in range(1, 200):
        board = {"name": f"b{index}", "line_current": 3, "children": [board]}
    findings = validate_site(site_of([{**board, "line_voltage": 400}]))
    assert [finding.rule for finding in findings] == ["collector.too_deep"]


def test_a_chain_of_ten_thousand_names_is_judged() -> None:
    chain = [{"name": f"b{i}", "line_current": 3, "children": [f"b{i + 1}"]} for i in range(10_000)]
    findings = validate_site(site_of([{**chain[0], "line_voltage": 400}, *chain[1:]]))
    assert {finding.rule for finding in findings} == {"collector.too_deep", "collector.unknown_child"}


def test_thousands_of_wrong_names_are_judged_in_time() -> None:
    boards = [{"name": f"board_{i}", "line_current": 3, "line_voltage": 400} for i in range(1000)]
    devices = [
        {"name": f"d{i}", "type": "dc_charging_pole", "max_power": 1, "collector": f"bord_{i}"}
        for i in range(1000)
    ]
    findings = validate_site(site_of(boards, devices))
    assert len(findings) == 1000
    assert 'did you mean "board_' in findings[0].message
