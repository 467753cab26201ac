"""Measurements taken in, one by one or in batches."""
