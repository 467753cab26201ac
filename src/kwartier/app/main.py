"""The command `kwartier`, whole: those of `adapters/cli`, and those that need the service."""

from kwartier.adapters.cli import main as command_line
from kwartier.adapters.cli.faults import FAULTS, ExitCode
from kwartier.adapters.mqtt.no_broker import NoBroker
from kwartier.adapters.sql.newer_schema import NewerSchema
from kwartier.adapters.sql.unusable_backup import UnusableBackup
from kwartier.app.commands import (
    backup,
    client,
    config,
    migrate,
    mqtt,
    partner,
    serve,
    serve_demo,
    user,
    worker,
)
from kwartier.app.faults import UnusableSettings
from kwartier.service.faults import StoreFull, StoreUnavailable

app = command_line.app
app.command(epilog=serve.EXAMPLE, short_help="Run the service.")(serve.serve)
app.command(epilog=serve_demo.EXAMPLE, short_help="Run the service with the demo site in it.")(
    serve_demo.serve_demo
)
app.command(epilog=worker.EXAMPLE, short_help="Plan the sites of a service.")(worker.worker)
app.command(epilog=migrate.EXAMPLE, short_help="Bring the database to the newest schema.")(migrate.migrate)
app.command(epilog=backup.EXAMPLE, short_help="Write the database into one file.")(backup.backup)
app.command(epilog=backup.EXAMPLE, short_help="Fill an empty database from a backup.")(backup.restore)
app.add_typer(partner.partner, name="partner")
app.add_typer(client.client, name="client")
app.add_typer(user.user, name="user")
app.add_typer(mqtt.mqtt, name="mqtt")
app.add_typer(config.config, name="config")

FAULTS.update(
    {
        NewerSchema: ExitCode.BAD_USAGE,
        NoBroker: ExitCode.UNAVAILABLE,
        UnusableBackup: ExitCode.BAD_USAGE,
        UnusableSettings: ExitCode.BAD_USAGE,
        StoreUnavailable: ExitCode.UNAVAILABLE,
        StoreFull: ExitCode.UNAVAILABLE,
    }
)


def main() -> None:
    """Run the command line; ends the process with one of the exit codes of `ExitCode`."""
    command_line.main()
