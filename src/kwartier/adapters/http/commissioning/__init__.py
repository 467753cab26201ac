"""Which asset of a site sends what, and on which phase its pins seem to hang."""
