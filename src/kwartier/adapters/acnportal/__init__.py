"""kwartier's planner as a scheduling algorithm of acnportal, the simulator of Caltech's Adaptive Charging Network.

`algorithm.KwartierAlgorithm` stands where acnportal's own algorithms stand, and sees what they see: the interface. It
comes with the extra `acnportal` (`pip install kwartier[acnportal]`), which only that module imports.
docs/acnportal.md compares it with them.
"""
