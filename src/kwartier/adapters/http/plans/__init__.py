"""Stored plans of a site."""
