"""A plain HTML element with a text in it."""

from nicegui.elements.mixins.text_element import TextElement


class Tag(TextElement):
    """`Tag("h2", "Devices", "kw-title", aria_label="…")`: name, text, classes, and attributes with `_` for `-`.

    Texts and attributes are data to the browser, whatever stands in them. Other elements can be put into it.
    """

    def __init__(self, name: str, text: str = "", classes: str = "", **attributes: str | bool) -> None:
        super().__init__(tag=name, text=text)
        self.classes(classes)
        for attribute, value in attributes.items():
            self.props[attribute.strip("_").replace("_", "-")] = value
