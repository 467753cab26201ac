"""What a deployment switches on or off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeatureFlags:
    """`configurable_peak_price`: a site's own peak price is followed (contract.md, section 1: on by default)."""

    configurable_peak_price: bool = True
