"""Contracts on the market that a site may compare its own with, from suppliers' price cards (`known.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from kwartier.site.contracts import DynamicContract


@dataclass(frozen=True)
class KnownContract:
    """A dynamic contract as its card of a month (2026-04) prints it, without its yearly fee.

    `index_resolution` says whether it follows the market's quarter-hours or their mean per hour; `source` where the
    card is kept.
    """

    name: str
    card: str
    customers: str
    index_resolution: Literal["PT15M", "PT60M"]
    contract: DynamicContract
    source: str


@cache
def known_contracts() -> tuple[KnownContract, ...]:
    """Every contract of the file, in its order.

    >>> known_contracts()[0].contract.offtake_coefficient
    1.039
    """
    text = (Path(__file__).parent / "known.toml").read_text(encoding="utf-8")
    return tuple(_contract(entry) for entry in tomllib.loads(text)["contract"])


def _contract(entry: dict[str, object]) -> KnownContract:
    named = {name: entry.pop(name) for name in ("name", "card", "customers", "index", "source")}
    return KnownContract(
        name=str(named["name"]),
        card=str(named["card"]),
        customers=str(named["customers"]),
        index_resolution="PT60M" if named["index"] == "PT60M" else "PT15M",
        contract=DynamicContract.model_validate({"contract_type": "dynamic", **entry}),
        source=str(named["source"]),
    )
