"""`kwartier bill`: the document, the table, the CSV, and what stops it."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.cli.cli_case import invoke, run_process
from tests.tariffs.billing.site_making import FIXED, LOW_VOLTAGE, MEDIUM_VOLTAGE
from tests.tariffs.billing.test_hand_cases import plain, read_case, values

Site = dict[str, Any]


def site_document(contract: Site | None = FIXED, dso: Site | None = LOW_VOLTAGE) -> Site:
    return {
        "site_id": "case",
        "name": "Case",
        "location": {"name": "Gent", "coordinates": [51.05, 3.73, 8.0]},
        "country": "BE",
        "configurations": {"contract": contract, "dso": dso},
    }


def write_site(folder: Path, site: Site | None = None) -> Path:
    file = folder / "site.json"
    file.write_text(json.dumps(site or site_document()), encoding="utf-8")
    return file


def write_meter(folder: Path, start: str = "2026-03-01T00:00:00+01:00", count: int = 2972) -> Path:
    """One kWh in every quarter-hour."""
    begins = datetime.fromisoformat(start).astimezone(UTC)
    rows = [f"{(begins + timedelta(minutes=15 * n)).isoformat()},1,0" for n in range(count)]
    file = folder / "meter.csv"
    file.write_text("\n".join(["start,offtake_kwh,injection_kwh", *rows]), encoding="utf-8")
    return file


def billed(folder: Path, *options: str | Path, site: Site | None = None) -> Site:
    """The JSON document for March 2026, made without a complaint."""
    result = invoke(
        "bill",
        write_site(folder, site),
        "--meter",
        write_meter(folder),
        "--month",
        "2026-03",
        "--json",
        *options,
    )
    assert (result.exit_code, result.stderr) == (0, "")
    document: Site = json.loads(result.stdout)
    return document


def line_of(document: Site, component: str) -> Site:
    [line] = [line for line in document["lines"] if line["component"] == component]
    assert isinstance(line, dict)
    return line


def test_the_document_is_that_of_the_contract(tmp_path: Path) -> None:
    document = billed(tmp_path)
    totals = ["total_excl_vat_eur", "vat_eur", "total_eur", "provisional", "warnings"]
    assert list(document) == ["lines", *totals]
    offtake = line_of(document, "contract-offtake")
    assert offtake == {
        "component": "contract-offtake",
        "group": "energy",
        "quantity": 2972.0,
        "unit": "kWh",
        "unit_price_eur": 0.1,
        "amount_eur": 297.2,
        "source": "contract: 100.0 EUR/MWh",
    }
    assert round(sum(line["amount_eur"] for line in document["lines"]), 2) == document["total_excl_vat_eur"]
    assert document["provisional"] is False


def test_the_table_has_subtotals_warnings_and_sources(tmp_path: Path) -> None:
    site, meter = write_site(tmp_path), write_meter(tmp_path, count=96)
    result = run_process("bill", str(site), "--meter", str(meter), "--month", "2026-03", cwd=tmp_path)
    text = result.stdout.decode()
    assert result.returncode == 0
    assert text.startswith("Bill of 2026-03, provisional, EUR\n")
    for words in ("Energy (contract)", "Grid", "Levies", "Total without VAT", "VAT", "Warnings", "[1]"):
        assert words in text
    assert "96 of 2,972 quarter-hours of 2026-03 are measured" in " ".join(text.split())
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text


def test_the_csv_has_every_line_and_the_totals(tmp_path: Path) -> None:
    options = ("--meter", write_meter(tmp_path), "--month", "2026-03", "--csv")
    result = invoke("bill", write_site(tmp_path), *options)
    rows = list(csv.DictReader(StringIO(result.stdout)))
    assert [row["component"] for row in rows[-3:]] == ["total_excl_vat", "vat", "total"]
    assert rows[0]["component"] == "contract-offtake"
    assert rows[0]["amount_eur"] == "297.20"


def test_a_year_is_billed_too(tmp_path: Path) -> None:
    result = invoke(
        "bill", write_site(tmp_path), "--meter", write_meter(tmp_path), "--year", "2026", "--json"
    )
    document = json.loads(result.stdout)
    assert document["provisional"] is True
    assert "the meter file holds nothing of 2026-01" in document["warnings"][0]


def test_a_household_pays_another_vat(tmp_path: Path) -> None:
    business, household = billed(tmp_path), billed(tmp_path, "--customer", "household")
    assert business["vat_eur"] > 2 * household["vat_eur"] > 0


def test_facts_from_a_file_fill_the_history(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                "month_peaks_kw": {"2025-12": 150},
                "year_offtake_kwh": {"2026": 60_000},
                "access_power": [{"from_day": "2026-01-01", "power_kw": 90}],
            }
        ),
        encoding="utf-8",
    )
    document = billed(tmp_path, "--facts", facts, site=site_document(FIXED, MEDIUM_VOLTAGE))
    assert line_of(document, "access-power")["quantity"] == 90.0
    assert line_of(document, "access-power.overrun")["quantity"] == 60.0
    assert line_of(document, "special-excise")["unit_price_eur"] == 0.01139


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_dynamic_contract_reads_prices_in_both_forms(tmp_path: Path, form: str) -> None:
    prices = tmp_path / f"prices.{form}"
    begins = datetime.fromisoformat("2026-03-01T00:00:00+01:00").astimezone(UTC)
    if form == "csv":
        rows = [f"{(begins + timedelta(hours=n)).isoformat()},40" for n in range(743)]
        prices.write_text("\n".join(["start,eur_per_mwh", *rows]), encoding="utf-8")
    else:
        given = {"start": begins.isoformat(), "resolution": "PT1H", "eur_per_mwh": [40.0] * 743}
        prices.write_text(json.dumps(given), encoding="utf-8")
    document = billed(tmp_path, "--day-ahead", prices, site=site_document({"contract_type": "dynamic"}))
    assert line_of(document, "contract-offtake")["amount_eur"] == 118.88  # 2972 kWh x 0.04


def test_an_own_sheet_takes_the_place_of_kwartiers(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    shipped = (
        Path(__file__).parents[3] / "src/kwartier/tariffs/grid/fluvius/imewo-low-voltage-network-2026.toml"
    )
    text = shipped.read_text(encoding="utf-8").replace("value = 17.85", "value = 365")
    (folder / "own.toml").write_text(text, encoding="utf-8")
    document = billed(tmp_path, "--sheets", folder)
    assert line_of(document, "data-management")["amount_eur"] == 31.0
    assert any("takes the place of kwartier's" in warning for warning in document["warnings"])


def spoil_dso(site: Site) -> None:
    site["configurations"]["dso"]["region"] = "Atlantis"


def past_area(site: Site) -> None:
    site["configurations"]["dso"]["region"] = "Iveka"


def no_prices(site: Site) -> None:
    site["configurations"]["contract"] = {"contract_type": "dynamic"}


def bad_contract(site: Site) -> None:
    site["configurations"]["contract"]["fixed_offtake_cost_per_mwh"] = "dear"


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["to read", "json"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_dso, "Atlantis"),
        (past_area, "or leave grid fees out of the bill on purpose (--without-grid)"),
        (no_prices, "the dynamic contract needs the day-ahead prices of 2026-03"),
        (bad_contract, "dear"),
    ],
)
def test_what_cannot_be_billed_is_a_finding(
    tmp_path: Path, spoil: Callable[[Site], None], words: str, flags: list[str]
) -> None:
    site = json.loads(json.dumps(site_document()))
    spoil(site)
    file, meter = write_site(tmp_path, site), write_meter(tmp_path)
    result = invoke("bill", file, "--meter", meter, "--month", "2026-03", *flags)
    assert result.exit_code == 1
    text = json.dumps(json.loads(result.stdout)) if flags else " ".join(result.stdout.split())
    assert words in text
    assert "Traceback" not in result.output


def test_lines_of_the_meter_file_are_named(tmp_path: Path) -> None:
    meter = tmp_path / "meter.csv"
    meter.write_text("start,offtake_kwh,injection_kwh\n2026-03-01T00:00:00,1,0\n2026-03-01T00:00:00Z,-1,0\n")
    result = invoke("bill", write_site(tmp_path), "--meter", meter, "--month", "2026-03", "--json")
    found = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert [(one["rule"], one["path"]) for one in found if one["severity"] == "ERROR"] == [
        ("meter.time", "line 2"),
        ("meter.negative", "line 3"),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "name either --month YYYY-MM or --year YYYY"),
        (["--month", "2026-03", "--year", "2026"], "name either --month YYYY-MM or --year YYYY"),
        (["--month", "2026-03", "--json", "--csv"], "name either --json or --csv"),
        (["--month", "2026-13"], "'2026-13' is no month"),
        (["--month", "March"], "neither a month such as 2026-03 nor a year such as 2026"),
        (["--year", "26"], "neither a month such as 2026-03 nor a year such as 2026"),
        (["--month", "2026-03", "--sheets", "nowhere"], "nowhere: there is no such folder"),
        (["--month", "2026-03", "--day-ahead", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--month", "2026-03", "--facts", "nowhere.json"], "nowhere.json: there is no such file"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, options: list[str], words: str) -> None:
    result = invoke("bill", write_site(tmp_path), "--meter", write_meter(tmp_path), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a,b\n1,2\n", b"[1, 2]"])
def test_a_meter_file_of_no_known_format_is_bad_usage(tmp_path: Path, content: bytes) -> None:
    meter = tmp_path / "meter.csv"
    meter.write_bytes(content)
    result = invoke("bill", write_site(tmp_path), "--meter", meter, "--month", "2026-03")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {meter}: ")


def test_the_meter_may_come_from_standard_input(tmp_path: Path) -> None:
    data = write_meter(tmp_path).read_bytes()
    result = invoke("bill", write_site(tmp_path), "--meter", "-", "--month", "2026-03", "--json", stdin=data)
    assert line_of(json.loads(result.stdout), "contract-offtake")["quantity"] == 2972.0


def test_grid_fees_are_left_out_on_purpose_only(tmp_path: Path) -> None:
    document = billed(tmp_path, "--without-grid")
    assert {line["group"] for line in document["lines"]} == {"energy", "levies"}
    assert "grid fees are left out of this bill, as was asked for" in document["warnings"]


def test_the_example_of_the_page_is_what_the_command_prints(tmp_path: Path) -> None:
    case = read_case("the_golden_invoice")
    begins = datetime.fromisoformat(case["meter"]["start"]).astimezone(UTC)
    rows = [
        f"{(begins + timedelta(minutes=15 * n)).isoformat()},{energy_kwh},0"
        for n, energy_kwh in enumerate(values(case["meter"]["offtake_kwh"]))
    ]
    meter, facts = tmp_path / "april.csv", tmp_path / "facts.json"
    meter.write_text("\n".join(["start,offtake_kwh,injection_kwh", *rows]), encoding="utf-8")
    facts.write_text(json.dumps(plain(case["facts"])), encoding="utf-8")
    site = write_site(tmp_path, site_document(plain(case["contract"]), plain(case["dso"])))
    result = invoke("bill", site, "--meter", meter, "--month", "2026-04", "--facts", facts)
    page = (Path(__file__).parents[3] / "docs" / "bill.md").read_text(encoding="utf-8")
    assert result.stdout.rstrip() in page
