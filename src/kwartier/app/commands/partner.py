"""`kwartier partner create`."""

from typing import Annotated

import typer

from kwartier.adapters.cli.faults import WrongUsage
from kwartier.adapters.cli.terminal import show_json, show_line

EXAMPLE = """\b
Example:
  kwartier partner create "Charging Company"
  kwartier partner create "Charging Company" --json"""

partner = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Add partners.")


@partner.callback()
def _partner() -> None:
    """Add partners: each sees its own sites and nobody else's."""


@partner.command(epilog=EXAMPLE)
def create(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What the partner is called; nobody else may be.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help='Print {"partner_id"}.')] = False,
) -> None:
    """Add a partner, and print its id."""
    from kwartier.app.operating import operating
    from kwartier.service.create_partner import (
        PartnerCreated,
        PartnerNameTaken,
        UnusablePartnerName,
        create_partner,
    )

    with operating() as ports:
        outcome = create_partner(name, partners=ports.partners, ids=ports.ids, clock=ports.clock)
    match outcome:
        case PartnerCreated(created) if as_json:
            show_json({"partner_id": created.partner_id})
        case PartnerCreated(created):
            show_line(f"Partner {created.partner_id}. Next: kwartier client create {created.partner_id}")
        case PartnerNameTaken():
            raise WrongUsage("a partner with that name exists; choose another one")
        case UnusablePartnerName():
            raise WrongUsage("a partner's name has 1 to 200 characters that can be printed")
