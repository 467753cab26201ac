"""What a site will take, give and be asked for: history in, mean and quantiles out, one forecaster per file."""
