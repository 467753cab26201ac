"""A choice of few: the browser's own, which every device and every screen reader knows how to open."""

from collections.abc import Awaitable, Callable, Mapping

from kwartier.adapters.dashboard.tag import Tag


def choice(
    label: str, options: Mapping[str, str], value: str, choose: Callable[[str], Awaitable[None] | None]
) -> Tag:
    """A labelled choice; `options` are the texts by value, `choose` is called with the value that is chosen."""
    with Tag("label", classes="kw-choice") as labelled:
        Tag("span", label)
        with Tag("select") as select:
            for key, text in options.items():
                option = Tag("option", text, value=key)
                if key == value:
                    option.props["selected"] = True
        select.on(
            "change", lambda event: choose(str(event.args)), js_handler="(event) => emit(event.target.value)"
        )
    return labelled
