"""The scripts that draw charts: a page that will need them has the browser fetch them while it builds the rest."""

import re
from functools import cache

from nicegui import __version__
from nicegui.dependencies import esm_modules

NAME = "nicegui-echart"
# What a module imports from beside it, as bundlers write it.
IMPORTED = re.compile(r'from"\./([\w.-]+\.js)"')


def chart_scripts_link(root: str) -> str:
    """Elements for a page's head that name ECharts' scripts, 1.1 MB, before the page has asked for any."""
    return "".join(f'<link rel="modulepreload" href="{root}{path}">' for path in _paths())


@cache
def _paths() -> list[str]:
    paths = []
    for key, module in esm_modules.items():
        if module.name == NAME:
            text = (module.path / "index.js").read_text(encoding="utf-8")
            folder = f"/_nicegui/{__version__}/esm/{key}"
            paths += [f"{folder}/{name}" for name in ("index.js", *IMPORTED.findall(text))]
    return paths
