"""`kwartier validate` says which board could be overloaded when no device can be reached."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kwartier.adapters.cli.main import app
from tests.services.site_data import example_site


def findings(site: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    path = folder / "site.json"
    path.write_text(json.dumps(site))
    result = CliRunner().invoke(app, ["validate", str(path), "--json"])
    found: list[dict[str, Any]] = json.loads(result.output)["findings"]
    return [one for one in found if one["rule"] == "control.fail_safe"]


def test_a_load_that_alone_is_larger_than_its_board_is_named(tmp_path: Path) -> None:
    # 100 A of building on a board for 63 A: with every pole at 0 A it may still be overloaded.
    site = example_site()
    parts = site["configurations"]["site_configuration"]
    parts["collector_list"][0]["line_current"] = 63
    parts["device_list"].append(
        {
            "name": "building",
            "collector": "main",
            "type": "forecasted_series_3phase",
            "line_current": 100,
            "forecast_type": "load",
        }
    )
    (found,) = findings(site, tmp_path)
    assert found["severity"] == "WARNING"
    assert found["observed"] == 100.0
    assert found["allowed"] == 63.0


def test_a_site_whose_fallbacks_fit_has_no_such_warning(tmp_path: Path) -> None:
    assert findings(example_site(), tmp_path) == []
