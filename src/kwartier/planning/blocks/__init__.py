"""What each device kind brings to the programme, one file per kind, named as in `site.devices`."""
