"""Charging transactions."""
