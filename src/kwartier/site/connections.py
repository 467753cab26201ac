"""The MQTT topics over which a site's devices and its partner's programs talk to the service."""


def connections_of(partner_id: str, site_id: str) -> dict[str, str]:
    """Topic by purpose; in that of the setpoints `{asset_id}` stands for the device's name.

    >>> connections_of("k7c2m9x4qwer", "hall")["measurements"]
    'kwartier/k7c2m9x4qwer/hall/measurements'
    """
    site = f"kwartier/{partner_id}/{site_id}"
    last_part_by_purpose = {
        "measurements": "measurements",
        "transactions": "transactions",
        "setpoints": "setpoints/{asset_id}",
        "plan": "plan",
        "errors": "errors",
        "acknowledgements": "acknowledgements",
    }
    return {purpose: f"{site}/{part}" for purpose, part in last_part_by_purpose.items()}
