"""From a plan to what devices are told, and what they do when nobody tells them anything any more."""
