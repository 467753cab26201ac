"""Generators and fakes for tests, shipped for users of the library too."""
