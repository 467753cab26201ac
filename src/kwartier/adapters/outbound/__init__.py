"""Going out to the network: bounded in time and size, no redirects, nothing of it in a log."""
