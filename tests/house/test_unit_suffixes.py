"""Every number in a public signature says what it is: its name ends in its unit, or it has none."""

import ast
from fnmatch import fnmatchcase

import pytest

from tests.house.project import modules
from tests.house.signatures import Number, Package
from tests.house.unit_names import FIXED, UNITS, WITHOUT_UNIT, says_what_it_is

# Pattern of a key (see Number) -> why its name can carry no unit. An entry that nothing needs must go.
ANY_SERIES = "takes and gives any quantity of a series, in the unit of what came in"
MIXED_PROGRAM = "each row and column of the mathematical programme has a unit of its own"
ACNPORTAL = "acnportal's own name and unit, which its interface fixes"
EXEMPT: dict[str, str] = {
    "kwartier.adapters.acnportal.algorithm:KwartierAlgorithm.schedule()": ACNPORTAL,
    "kwartier.adapters.acnportal.network:Infrastructure.*": ACNPORTAL,
    "kwartier.adapters.acnportal.pilots:Stations.*": ACNPORTAL,
    "kwartier.adapters.acnportal.price_tariff:PriceTariff.get_*": ACNPORTAL,
    "kwartier.adapters.acnportal.seen_cars:SessionInfo.*": ACNPORTAL,
    "kwartier.adapters.savings_page.words:number.value": "writes any quantity",
    "kwartier.adapters.dashboard.setup.*path": "steps into a JSON document: names, and places in lists",
    "kwartier.adapters.plan_page.figure:*": "draws any quantity; the axis title says which, with its unit",
    "kwartier.adapters.plan_page.view:Violation.*": "its field `unit` says whether they are A or W",
    "kwartier.planning.blocks.*:*Columns.*": "numbers of columns in the programme, which have no unit",
    "kwartier.planning.blocks.*limit*:*": MIXED_PROGRAM,
    "kwartier.planning.costing:line_magnitude_a.controlled": MIXED_PROGRAM,
    "kwartier.planning.choices:Choices.*": "signs: which way a battery or a root goes",
    "kwartier.planning.directions:*": MIXED_PROGRAM,
    "kwartier.planning.discrete:*": MIXED_PROGRAM,
    "kwartier.planning.formulation:Level.*": MIXED_PROGRAM,
    "kwartier.planning.formulation:Formulation.unpriced_peaks": "numbers of columns in the programme",
    "kwartier.planning.lexicographic:*": MIXED_PROGRAM,
    "kwartier.planning.schedule:*level*": "a session's level is A per pin for AC, kW for DC",
    "kwartier.planning.stability:NearLevels.level": "a session's level is A per pin for AC, kW for DC",
    "kwartier.planning.symmetry:with_equal_currents*": "a session's level is A per pin for AC, kW for DC",
    "kwartier.planning.check.held_values:*": ANY_SERIES,
    "kwartier.planning.check.result:Report.steps.*": "its parameter `unit` says which",
    "kwartier.planning.network:*": MIXED_PROGRAM,
    "kwartier.planning.problem:FixedLoad.row_*": MIXED_PROGRAM,
    "kwartier.planning.*.level_max*": "a session's level is A per pin for AC, kW for DC",
    "kwartier.planning.program:*": MIXED_PROGRAM,
    "kwartier.planning.series:*": ANY_SERIES,
    "kwartier.planning.solve:*": MIXED_PROGRAM,
    "kwartier.simulation.policy_run:rounded*": ANY_SERIES,
    "kwartier.tariffs.components.figure:Figure.value": "its field `unit` says which",
    "kwartier.tariffs.billing.bill_line:priced.quantity": "its parameter `unit` says which",
    "kwartier.units.step_grid:StepGrid.*_of_cells*": ANY_SERIES,
}


def silent_numbers(package: Package, fixed: set[str], exempt: list[str]) -> tuple[list[str], set[str]]:
    """The numbers whose name does not say what they are, and the exemptions that were needed."""
    silent, needed = [], set()
    for number in package.numbers():
        if says_what_it_is(number.name):
            continue
        if number.kind == "field" and number.name in fixed:
            needed.add(number.name)
        elif patterns := {pattern for pattern in exempt if fnmatchcase(number.key, pattern)}:
            needed |= patterns
        else:
            silent.append(f"{number.key} (line {number.line})")
    return silent, needed


def package_of(source: str) -> Package:
    return Package({"m": ast.parse(source)})


def test_every_number_in_a_public_signature_says_what_it_is() -> None:
    silent, _ = silent_numbers(Package(modules()), set(FIXED), list(EXEMPT))
    assert not silent, "\n".join(["these names say no unit:", *silent])


def test_no_exemption_outlives_its_need() -> None:
    fixed_as_needed = {name for name in FIXED if not says_what_it_is(name)}
    _, needed = silent_numbers(Package(modules()), fixed_as_needed, list(EXEMPT))
    unused = (fixed_as_needed | EXEMPT.keys()) - needed
    assert not unused, f"nothing needs these any more: {sorted(unused)}"


def test_every_exemption_gives_its_reason() -> None:
    assert [name for name, reason in (FIXED | EXEMPT).items() if not reason.strip()] == []


@pytest.mark.parametrize(
    "name",
    [
        "power_w",
        "limit_a_by_phase",
        "offtake_w_per_phase",
        "price_eur_per_mwh",
        "eur_per_mwh",
        "capacity_eur_per_kw",
        "highest_peak_12m_w",
        "minute_of_day",
        "share_of_window",
        "kwh_per_level",
        "step_count",
        "row",
        "hours",
    ],
)
def test_a_name_that_says_what_it_is_passes(name: str) -> None:
    assert says_what_it_is(name)


@pytest.mark.parametrize(
    "name",
    ["power", "limit", "w", "state_of_charge", "price_per_mwh", "power_watt", "limit_by_step"],
)
def test_a_name_that_does_not_is_refused(name: str) -> None:
    assert not says_what_it_is(name)


def test_no_word_is_both_a_unit_and_without_one() -> None:
    assert set(UNITS) & set(WITHOUT_UNIT) == set()


@pytest.mark.parametrize(
    ("annotation", "is_number"),
    [
        ("float", True),
        ("'float'", True),
        ("int | None", True),
        ("list[float]", True),
        ("dict[int, str]", False),
        ("dict[str, list[float]]", True),
        ("Annotated[float, Field(ge=0)]", True),
        ("Annotated[str, Known(1)]", False),
        ("tuple[float, ...]", True),
        ("tuple[float, float]", True),
        ("tuple[str, float]", False),
        ("np.ndarray", True),
        ("NDArray[np.float64]", True),
        ("NDArray[np.bool_]", False),
        ("np.float64", True),
        ("np.intp", True),
        ("Decimal", True),
        ("Alias", True),
        ("AliasOfAlias", True),
        ("bool", False),
        ("str", False),
        ("QuarterHour", False),
        ("Literal[1, 2]", False),
        ("Callable[[float], str]", False),
    ],
)
def test_a_number_is_told_from_what_is_none(annotation: str, is_number: bool) -> None:
    package = package_of(
        "Alias = Annotated[float, 1]\n"
        "AliasOfAlias = list[Alias | None]\n"
        "QuarterHour = NewType('QuarterHour', int)\n"
        f"def f(x: {annotation}) -> None: ...\n"
    )
    assert [number.key for number in package.numbers()] == (["m:f.x"] if is_number else [])


def test_an_alias_is_followed_into_the_module_it_comes_from() -> None:
    user = ast.parse("from units import Power as P\ndef f(x: P) -> P: ...\n")
    package = Package({"units": ast.parse("Power = float\n"), "m": user})
    assert list(package.numbers()) == [
        Number("m:f.x", "x", "parameter", 2),
        Number("m:f()", "f", "result", 2),
    ]


def test_parameters_fields_and_results_are_read_and_private_ones_are_not() -> None:
    package = package_of(
        "def _g(x: float) -> float: ...\n"
        "class A:\n"
        "    power: float\n"
        "    _hidden: float\n"
        "    def __init__(self, limit: float) -> None: ...\n"
        "    def __eq__(self, other: float) -> bool: ...\n"
        "    async def cost(self, *, at: int, **rest: float) -> float: ...\n"
    )
    assert {number.key for number in package.numbers()} == {
        "m:A.power",
        "m:A.__init__.limit",
        "m:A.cost.at",
        "m:A.cost.rest",
        "m:A.cost()",
    }


def test_a_fixed_name_frees_a_field_and_nothing_else() -> None:
    package = package_of("class A:\n    max_power: float\ndef f(max_power: float) -> None: ...\n")
    assert silent_numbers(package, {"max_power"}, []) == (["m:f.max_power (line 3)"], {"max_power"})
    assert silent_numbers(package, {"max_power"}, ["m:f.*"]) == ([], {"max_power", "m:f.*"})
