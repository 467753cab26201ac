"""What a deployment switches on or off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeatureFlags:
    """`configurable_peak_price`: a site's own peak price is followed (contract.md, section 1: on by default).

    `private_webhooks`: webhooks may lead into private networks, and need not be encrypted.

    `control`: the control tells the devices what to do; without it they get the first steps of each plan as they are.
    """

    configurable_peak_price: bool = True
    control: bool = False
    private_webhooks: bool = False
