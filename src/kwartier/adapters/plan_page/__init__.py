"""The plan as one interactive HTML page that opens without a network.

`render_plan_page` takes the JSON documents (as dicts) of a plan request and its plan and returns the page's text.
plotly is imported only when a page is rendered.
"""

from kwartier.adapters.plan_page.page import render_plan_page

__all__ = ["render_plan_page"]
