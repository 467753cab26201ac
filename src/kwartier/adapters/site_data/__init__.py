"""What happened at a site, from a folder of CSV files; docs/simulate.md describes them."""
