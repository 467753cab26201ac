"""One file per step, `vNNNN_what_it_adds.py`; each names the one before it."""
