"""`kwartier tariffs`: which grid amounts are known, what a sheet says, and sheets of one's own."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kwartier.adapters.cli.faults import ExitCode, UnreadableFile, WrongUsage
from kwartier.adapters.cli.json_files import distinct, write_text
from kwartier.adapters.cli.tables import counted
from kwartier.adapters.cli.terminal import note, show, show_json, show_line, visible

if TYPE_CHECKING:
    from kwartier.site.finding import Finding
    from kwartier.tariffs.sheet_combination import Combination
    from kwartier.tariffs.sheet_file import SheetFile
    from kwartier.tariffs.sheets import TariffSheets

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Grid tariffs: what is known, sheet by sheet, and sheets of one's own.",
    epilog="""\b
Example:
  kwartier tariffs list ORES
  kwartier tariffs show fluvius/imewo/low-voltage-network/2026
  kwartier tariffs new ORES All "MT sans terme capacitaire" --year 2026 -o mine/ores-mt.toml
  kwartier tariffs check mine/ores-mt.toml""",
)

SheetFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--sheets",
        readable=False,
        metavar="DIR",
        envvar="KWARTIER_SHEETS",
        help="A folder with sheets and levy files of your own, which take the place of kwartier's; may be repeated.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

LIST_EXAMPLE = """\b
Example:
  kwartier tariffs list Fluvius
  kwartier tariffs list --json | jq '.combinations[] | select(.sheets == [])'"""
SHOW_EXAMPLE = """\b
Example:
  kwartier tariffs show ores/all/mt-avec-terme-capacitaire/2026

\b
Exit code: 0 for a sheet that can be used, 1 for one that cannot,
2 where there is no such sheet."""
CHECK_EXAMPLE = """\b
Example:
  kwartier tariffs check mine/ores-mt.toml

\b
Exit code: 0 where all files can be used, 1 with findings,
2 where there is no such file."""
NEW_EXAMPLE = """\b
Example:
  kwartier tariffs new Fluvius Imewo "Low Voltage Network" --year 2027 -o mine/imewo.toml"""


def tariff_sheets(folders: list[Path] | None) -> "TariffSheets":
    """Kwartier's own sheets with those of the folders; raises UnreadableFile for what is no folder."""
    from kwartier.tariffs.sheets import TariffSheets

    for folder in folders or []:
        if not folder.is_dir():
            raise UnreadableFile(f"{folder}: there is no such folder; check the path after --sheets")
    return TariffSheets(folders or [])


@app.command("list", epilog=LIST_EXAMPLE, short_help="Say which amounts are known.")
def list_sheets(
    operator: Annotated[
        str | None, typer.Argument(metavar="[DSO]", help="Only this operator, such as ORES.")
    ] = None,
    sheets: SheetFolders = None,
    as_json: AsJson = False,
) -> None:
    """List every combination of operator, region and connection type, with the sheets that are known for it."""
    from kwartier.adapters.cli.tariff_tables import combination_table

    store = tariff_sheets(sheets)
    chosen = [one for one in store.combinations() if operator in (None, one.dso)]
    if not chosen:
        known = ", ".join(dict.fromkeys(one.dso for one in store.combinations()))
        raise WrongUsage(f"{operator} is no operator; write one of {known}")
    rows = [(one, store.files_of(one)[0]) for one in chosen]
    if as_json:
        show_json({"combinations": [_combination_json(one, files) for one, files in rows]})
        return
    show(combination_table(rows))
    note(
        "known: a bill can be made, and how sure the least sure figure is; missing: kwartier tariffs show says what"
    )


@app.command("show", epilog=SHOW_EXAMPLE, short_help="Show one sheet, figure by figure.")
def show_sheet(
    sheet_id: Annotated[
        str, typer.Argument(metavar="ID", help="The sheet's id, such as sibelga/all/bt/2026.")
    ],
    sheets: SheetFolders = None,
    as_json: AsJson = False,
) -> None:
    """Show a sheet: every figure with its source and how sure it is, and what is missing."""
    from kwartier.adapters.cli.tariff_tables import figure_lists, source_lines
    from kwartier.tariffs.tariff_file import plain

    file = tariff_sheets(sheets).with_id(sheet_id)
    if file is None:
        raise WrongUsage(f"there is no sheet {sheet_id}; kwartier tariffs list --json gives the ids of all")
    if as_json:
        show_json(_file_json(file) | {"content": plain(_content(file))})
    else:
        content = _content(file)
        show_line(f"{file.sheet_id}: {file.combination}, {file.span}")
        show("", *figure_lists(content), "", *source_lines(content), "")
        report(file.path, file.findings)
    if file.sheet is None:
        raise typer.Exit(ExitCode.FINDINGS)


@app.command("check", epilog=CHECK_EXAMPLE, short_help="Say everything that is wrong with files of your own.")
def check_sheets(
    files: Annotated[
        list[Path],
        typer.Argument(
            readable=False, metavar="FILE...", help="Sheets or levy files; a folder is all of its."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with sheets and levy files, also where their days overlap or leave a gap."""
    from kwartier.tariffs.sheets import TariffSheets

    for file in files:
        if not file.exists():
            raise UnreadableFile(f"{file}: there is no such file; check the path")
    distinct(*files)
    findings = TariffSheets(files).own_findings
    if as_json:
        show_json({"findings": [{"file": str(path), **one.to_json()} for path, one in findings]})
    else:
        for file in dict.fromkeys((*files, *(path for path, _ in findings))):
            mine = [one for path, one in findings if path == file]
            if file.is_file() or mine:
                report(file, mine)
    if findings:
        raise typer.Exit(ExitCode.FINDINGS)


@app.command("new", epilog=NEW_EXAMPLE, short_help="Write a blank sheet to fill in.")
def new_sheet(
    operator: Annotated[str, typer.Argument(metavar="DSO", help="Such as ORES.")],
    region: Annotated[str, typer.Argument(metavar="REGION", help="Such as Imewo, or All.")],
    connection_type: Annotated[
        str, typer.Argument(metavar="CONNECTION", help="As a site document names it.")
    ],
    year: Annotated[int, typer.Option("--year", min=2000, max=2099, help="The calendar year it holds for.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", readable=False, metavar="FILE.toml", help="Write it to this file."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a sheet of a combination with every figure missing, ready to be filled in."""
    from kwartier.tariffs.sheet_blank import blank_sheet, template_of
    from kwartier.tariffs.sheet_combination import Combination
    from kwartier.tariffs.sheets import TariffSheets

    store, wanted = TariffSheets(), Combination(operator, region, connection_type)
    if wanted not in store.combinations():
        raise WrongUsage(f"{wanted}: {_nearest_words(store.combinations(), wanted)}")
    like = template_of(store, wanted)
    text = blank_sheet(wanted, year, _content(like) if like else None, _today())
    if output is not None:
        if output.exists():
            raise WrongUsage(f"{output} is there already; name a new file")
        write_text(output, text)
    if as_json:
        show_json({"id": f"{wanted.slug}/{year}", "toml": text})
    elif output is None:
        show_line(text.rstrip())


def report(source: Path, findings: "Sequence[Finding]") -> None:
    """Print the findings of a file; nothing but the count where there are none."""
    from kwartier.adapters.cli.tables import finding_list

    show_line(f"{visible(str(source))}: {counted(len(findings), 'error')}")
    if findings:
        show("", finding_list(findings))


def _today() -> date:
    return datetime.now().astimezone().date()


def _nearest_words(known: "Sequence[Combination]", wanted: "Combination") -> str:
    operators = list(dict.fromkeys(one.dso for one in known))
    if wanted.dso not in operators:
        return f"there is no operator {wanted.dso}; write one of {', '.join(operators)}"
    mine = [one for one in known if one.dso == wanted.dso]
    regions = list(dict.fromkeys(one.region for one in mine))
    if wanted.region not in regions:
        return f"{wanted.dso} has no region {wanted.region}; write one of {', '.join(regions)}"
    types = list(dict.fromkeys(one.connection_type for one in mine))
    return f"{wanted.dso} has no such connection type; write one of {'; '.join(types)}"


def _content(file: "SheetFile") -> dict[str, Any]:
    from kwartier.tariffs.toml_file import read_toml

    return read_toml(file.path)


def _combination_json(combination: "Combination", files: "Sequence[SheetFile]") -> dict[str, Any]:
    return {
        "dso": combination.dso,
        "region": combination.region,
        "connection_type": combination.connection_type,
        "sheets": [_file_json(file) for file in files],
    }


def _file_json(file: "SheetFile") -> dict[str, Any]:
    from kwartier.adapters.cli.tariff_tables import confidence_counts

    return {
        "id": file.sheet_id,
        "valid_from": str(file.span.first) if file.span else None,
        "valid_to": str(file.span.last) if file.span else None,
        "is_own": file.is_own,
        "is_usable": file.sheet is not None,
        "figures_by_confidence": confidence_counts(file.sheet) if file.sheet else None,
        "findings": [finding.to_json() for finding in file.findings],
    }
