"""Names: unique over devices and collectors, and never pointing at nothing."""

from collections.abc import Iterator

from kwartier.site.json_path import as_text, hint, shown, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey


@rule("device.duplicate_name", "ERROR", "two devices have one name; the name is the asset id of measurements")
def duplicate_device_name(survey: Survey) -> Iterator[Problem]:
    """One problem for each device after the first of its name."""
    first: dict[str, str] = {}
    for path, device in survey.devices:
        if device.name in first:
            yield Problem(
                step_into(path, "name"),
                f"device {as_text(device.name)} ({as_text(device.type)}): {first[device.name]} has this name already; "
                "give each device its own",
                device.name,
                "a name that no other device has",
            )
        first.setdefault(device.name, path)


@rule("device.name_of_collector", "ERROR", "a device has the name of a collector; both are asset ids")
def device_named_as_collector(survey: Survey) -> Iterator[Problem]:
    """One problem for each device that has a collector's name."""
    for path, device in survey.devices:
        board = survey.board_of.get(device.name)
        if board is not None:
            yield Problem(
                step_into(path, "name"),
                f"device {as_text(device.name)}: the collector at {board.path} has this name; rename one of them",
                device.name,
                "a name that no collector has",
            )


@rule("device.unknown_collector", "ERROR", "a device names a collector that the document does not define")
def unknown_collector(survey: Survey) -> Iterator[Problem]:
    """One problem for each device that hangs on nothing."""
    if not survey.is_tree_complete:
        return
    names = list(survey.board_of)
    allowed = shown(", ".join(names))
    for path, device in survey.devices:
        if device.collector not in survey.board_of:
            yield Problem(
                step_into(path, "collector"),
                f"device {as_text(device.name)}: there is no collector {as_text(device.collector)}"
                f"{hint(device.collector, names)}; add it to collector_list or name another",
                device.collector,
                allowed,
            )


@rule("collector.duplicate_name", "ERROR", "a collector is defined twice")
def duplicate_collector_name(survey: Survey) -> Iterator[Problem]:
    """One problem for each definition after the first of its name."""
    for board in survey.boards:
        first = survey.board_of[board.collector.name]
        if board.path != first.path:
            yield Problem(
                step_into(board.path, "name"),
                f"collector {as_text(board.collector.name)} is defined at {first.path} already; "
                "rename one, or write only its name in children",
                board.collector.name,
                "a name that no other collector has",
            )
