"""Planning in a supervised child process: a solver that hangs, crashes or grows harms one plan, not the service.

`supervised_planner.SupervisedPlanner` is the way in; docs/supervised-planning.md tells how to use it. Nothing is
imported here: a worker process caps itself before it loads the solver.
"""
