"""Forecasts of a site's series."""
