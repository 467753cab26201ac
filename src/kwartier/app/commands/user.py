"""`kwartier user create`, `reset` and `revoke`."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kwartier.adapters.cli.faults import WrongUsage
from kwartier.adapters.cli.terminal import show_json, show_line
from kwartier.service.user import Role

if TYPE_CHECKING:
    from kwartier.service.create_user import UnusableUserName, UserNameTaken
    from kwartier.service.outcomes import UnknownPartner, UnknownUser

EXAMPLE = """\b
Example:
  kwartier user create "Charging Company" anna@example.org --role operate
  kwartier user reset "Charging Company" anna@example.org
  kwartier user revoke "Charging Company" anna@example.org --json"""

user = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Let people into the dashboard.")

Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id or name.")]
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="What the user signs in with, such as an e-mail address.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@user.callback()
def _user() -> None:
    """Let people into the dashboard, and out. A password is shown once, and kept as a hash."""


@user.command(epilog=EXAMPLE)
def create(
    partner: Partner,
    name: Name,
    role: Annotated[
        Role, typer.Option(help="see, operate (and see: give cars another departure) or administer (all).")
    ] = Role.SEE,
    as_json: AsJson = False,
) -> None:
    """Make a user of the dashboard, and print the password."""
    from kwartier.app.operating import operating
    from kwartier.service.create_user import UserCreated, create_user

    with operating() as ports:
        outcome = create_user(
            partner,
            name,
            role,
            partners=ports.partners,
            users=ports.users,
            ids=ports.ids,
            hasher=ports.hasher,
            clock=ports.clock,
        )
    if not isinstance(outcome, UserCreated):
        _refuse(outcome)
    _show_password(name, outcome.password, as_json=as_json)


@user.command(epilog=EXAMPLE)
def reset(partner: Partner, name: Name, as_json: AsJson = False) -> None:
    """Give a user a new password, and print it; the user is signed out everywhere."""
    from kwartier.app.operating import operating
    from kwartier.service.reset_user_password import PasswordReset, reset_user_password

    with operating() as ports:
        outcome = reset_user_password(
            partner,
            name,
            partners=ports.partners,
            users=ports.users,
            ids=ports.ids,
            hasher=ports.hasher,
            clock=ports.clock,
        )
    if not isinstance(outcome, PasswordReset):
        _refuse(outcome)
    _show_password(name, outcome.password, as_json=as_json)


@user.command(epilog=EXAMPLE)
def revoke(partner: Partner, name: Name, as_json: AsJson = False) -> None:
    """Revoke a user for good; a running service ends the user's sessions within seconds."""
    from kwartier.app.operating import operating
    from kwartier.service.revoke_user import UserRevoked, revoke_user

    with operating() as ports:
        outcome = revoke_user(partner, name, partners=ports.partners, users=ports.users, clock=ports.clock)
    if not isinstance(outcome, UserRevoked):
        _refuse(outcome)
    if as_json:
        show_json({"user_name": outcome.user_name})
    else:
        show_line(f"User {outcome.user_name} is revoked.")


def _show_password(user_name: str, password: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"user_name": user_name, "password": password})
    else:
        show_line(f"User     {user_name}")
        show_line(f"Password {password}")
        show_line("The password is shown this once only; kwartier user reset makes another one.")


def _refuse(outcome: "UnknownPartner | UnknownUser | UserNameTaken | UnusableUserName") -> NoReturn:
    from kwartier.service.create_user import UnusableUserName, UserNameTaken
    from kwartier.service.outcomes import UnknownPartner, UnknownUser

    match outcome:
        case UnknownPartner():
            raise WrongUsage("there is no partner with that id or name; kwartier partner create makes one")
        case UnknownUser():
            raise WrongUsage("that partner has no such user in use; kwartier user create makes one")
        case UserNameTaken():
            raise WrongUsage("that partner has, or had, a user of that name; choose another one")
        case UnusableUserName():
            raise WrongUsage("a user's name has 1 to 100 characters that can be printed")
