"""Day-ahead prices from energy-charts.info, the publication of Fraunhofer ISE; no key, licence CC BY 4.0."""
