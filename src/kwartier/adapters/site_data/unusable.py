"""The one fault of a folder of site data; in a file of its own, so that a command line starts without reading more."""


class UnusableData(Exception):
    """Data that cannot be simulated with; the message names the file, the place, and the next step."""
