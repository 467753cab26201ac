"""The reference as a page for the browser: whole in itself, nothing in it is fetched from anywhere."""

import re

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
h2{border-top:1px solid #ccc;padding-top:1.5rem;margin-top:2.5rem;font-family:ui-monospace,monospace;font-size:1.2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{border:1px solid #ddd;padding:.3rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}pre{background:#f6f6f6;padding:.8rem;overflow:auto}"""


def page(title: str, markdown: str) -> str:
    """The HTML of a Markdown text; headings can be linked to by their words in small letters."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    body = re.sub(r"<h3>([\w-]+)</h3>", lambda found: f'<h3 id="{found[1].lower()}">{found[1]}</h3>', body)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
