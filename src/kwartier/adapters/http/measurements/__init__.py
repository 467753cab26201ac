"""Measurements: taken in one by one or in batches, read back raw or as energies."""
