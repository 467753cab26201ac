"""Trying a site out."""
