"""Ports in memory, kept honest by the same contract suites as the real adapters."""
