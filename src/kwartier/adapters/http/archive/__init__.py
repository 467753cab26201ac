"""Measurements and energies read back: pages, CSV, Parquet."""
