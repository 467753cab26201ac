"""`kwartier client create`, `rotate` and `revoke`."""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kwartier.adapters.cli.faults import WrongUsage
from kwartier.adapters.cli.terminal import show_json, show_line

if TYPE_CHECKING:
    from kwartier.service.outcomes import SeveralClients, UnknownClient, UnknownPartner

EXAMPLE = """\b
Example:
  kwartier client create k7c2m9x4qwer --json
  kwartier client rotate k7c2m9x4qwer --overlap-hours 1
  kwartier client revoke k7c2m9x4qwer --client k7c2m9x4qwer.p3v8b2n6aabc"""

client = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Give partners clients, and take them back."
)

Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id or name.")]
ClientId = Annotated[
    str | None, typer.Option("--client", help="Which of its clients, where it has more than one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


class ScopeWord(StrEnum):
    """What a client may do; each holds those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@client.callback()
def _client() -> None:
    """Give partners clients, and take them back. A secret is shown once, and kept as a hash."""


@client.command(epilog=EXAMPLE)
def create(
    partner: Partner,
    scope: Annotated[
        ScopeWord, typer.Option(help="read, write (and read) or admin (all).")
    ] = ScopeWord.WRITE,
    as_json: AsJson = False,
) -> None:
    """Make a client, and print its id and its secret."""
    from kwartier.app.operating import operating
    from kwartier.service.caller import SCOPE_BY_WORD
    from kwartier.service.create_client import ClientCreated, create_client

    with operating() as ports:
        outcome = create_client(
            partner,
            SCOPE_BY_WORD[scope],
            partners=ports.partners,
            clients=ports.clients,
            ids=ports.ids,
            hasher=ports.hasher,
            clock=ports.clock,
        )
    if not isinstance(outcome, ClientCreated):
        _refuse(outcome)
    _show_secret(outcome.client_id, outcome.client_secret, as_json=as_json)


@client.command(epilog=EXAMPLE)
def rotate(
    partner: Partner,
    client_id: ClientId = None,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=24 * 30, help="How long the old secret still works; 0: not at all.")
    ] = 24.0,
    as_json: AsJson = False,
) -> None:
    """Give a client a new secret, and print it; the old one works for a while, so that no program is locked out."""
    from kwartier.app.operating import operating
    from kwartier.service.rotate_client_secret import SecretRotated, rotate_client_secret

    with operating() as ports:
        outcome = rotate_client_secret(
            partner,
            client_id,
            overlap=timedelta(hours=overlap_hours),
            partners=ports.partners,
            clients=ports.clients,
            ids=ports.ids,
            hasher=ports.hasher,
            clock=ports.clock,
        )
    if not isinstance(outcome, SecretRotated):
        _refuse(outcome)
    _show_secret(outcome.client_id, outcome.client_secret, as_json=as_json)


@client.command(epilog=EXAMPLE)
def revoke(partner: Partner, client_id: ClientId = None, as_json: AsJson = False) -> None:
    """Revoke a client for good; a running service refuses it within seconds."""
    from kwartier.app.operating import operating
    from kwartier.service.revoke_client import ClientRevoked, revoke_client

    with operating() as ports:
        outcome = revoke_client(
            partner, client_id, partners=ports.partners, clients=ports.clients, clock=ports.clock
        )
    if not isinstance(outcome, ClientRevoked):
        _refuse(outcome)
    if as_json:
        show_json({"client_id": outcome.client_id})
    else:
        show_line(f"Client {outcome.client_id} is revoked.")


def _show_secret(client_id: str, client_secret: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"client_id": client_id, "client_secret": client_secret})
    else:
        show_line(f"Client {client_id}")
        show_line(f"Secret {client_secret}")
        show_line("The secret is shown this once only; keep it where your program finds it.")


def _refuse(outcome: "UnknownPartner | UnknownClient | SeveralClients") -> NoReturn:
    from kwartier.service.outcomes import SeveralClients, UnknownClient, UnknownPartner

    match outcome:
        case UnknownPartner():
            raise WrongUsage("there is no partner with that id or name; kwartier partner create makes one")
        case UnknownClient():
            raise WrongUsage("that partner has no such client in use; kwartier client create makes one")
        case SeveralClients(client_ids):
            raise WrongUsage(
                f"that partner has several clients, name one with --client: {', '.join(client_ids)}"
            )
