"""The dashboard: what people see of their sites in a browser, served beside the REST API.

NiceGUI builds the pages; everything that it shows comes from use cases, called for the user who looks.
docs/decisions/0015-dashboard.md says how a view is added.
"""
