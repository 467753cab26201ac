"""From a plan request to a plan: the programme, its solution, the check that shares no code with it."""
