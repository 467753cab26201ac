"""The savings report as one interactive HTML page that opens without a network.

`render_savings_page` takes a `SavingsReport` and returns the page's text. plotly is imported only when a page is
rendered.
"""

from kwartier.adapters.savings_page.page import render_savings_page

__all__ = ["render_savings_page"]
