"""How plans are made that are followed for a quarter-hour and then renewed."""

from kwartier.planning.request import PlanOptions

# Measured with real forecasts (docs/decisions/0016): half as much left batteries empty when cars came
# that nobody had expected, twice as much cost more in energy than it spared in peaks.
READINESS_EUR_PER_KWH_H = 0.0005

# planner.md: quarter-hours for 12 h, then hours.
TOLD_EVERYTHING = PlanOptions(resolution="mixed")
IN_THE_LOOP = PlanOptions(resolution="mixed", readiness_eur_per_kwh_h=READINESS_EUR_PER_KWH_H)
