"""Who takes part: where each runs, what it is asked, and what it cannot say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own with these packages; without packages our own."""

    name: str
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Participant:
    """One column of the comparison; `request` names the form of our plan request, peers get the facts."""

    name: str
    problem: str
    environment: Environment
    driver: str
    argument: str = ""
    request: str | None = None
    cannot_say: str = ""
    least_ratio: float | None = None

    @property
    def key(self) -> str:
        """Unique over both problems."""
        return f"{self.problem}: {self.name}"


OURS = Environment("kwartier")
FLEXMEASURES = Environment("flexmeasures", ("flexmeasures==1.0.1", "highspy==1.15.1", "pyomo==6.8.2"))
EMHASS = Environment("emhass", ("emhass==0.18.7", "cvxpy==1.7.5", "highspy==1.15.1"))
ACN = Environment(
    "acnportal", ("acnportal==0.3.3", "cvxpy==1.9.3", "highspy==1.15.1", "clarabel==0.11.1", "pandas==3.1.1")
)

NO_FLEXMEASURES = (
    "currents and phases (its groups limit the sum of whole devices, so not a phase that one- and three-phase cars "
    "share), permutations, three-wire lines; 6 A in the executed steps only (its power bands hold in every step); "
    "levels of shortage (a target is kept, or missed at a price, or the problem is infeasible); windows that begin or "
    "end within a step; a peak's quarter-hour that has already begun"
)
NO_EMHASS = (
    "currents and phases, permutations, three-wire lines; 6 A in the executed steps only (its least power holds in "
    "every step); a part of a need (a load runs its hours in full, or, with a ceiling on its cost, not at all); levels "
    "of shortage; windows that begin or end within a step; injection peaks"
)
NO_ACN = (
    "batteries; solar power that is sold for less than it is bought for; levels of shortage; 6 A within the "
    "optimisation (adacharge rounds afterwards); windows that begin or end within a step"
)

HUB, CALTECH = "hub", "caltech"
PARTICIPANTS = (
    Participant("kwartier, whole (6 A minimum too)", HUB, OURS, "driver_kwartier.py", request="request"),
    Participant(
        "kwartier, the peers' problem", HUB, OURS, "driver_kwartier.py", request="request_without_minimum"
    ),
    Participant(
        "FlexMeasures, default",
        HUB,
        FLEXMEASURES,
        "driver_flexmeasures.py",
        "highspy",
        cannot_say=NO_FLEXMEASURES,
        least_ratio=20.0,
    ),
    Participant(
        "FlexMeasures, through Pyomo",
        HUB,
        FLEXMEASURES,
        "driver_flexmeasures.py",
        "appsi_highs",
        cannot_say="as above",
    ),
    Participant(
        "EMHASS, new object",
        HUB,
        EMHASS,
        "driver_emhass.py",
        "new",
        cannot_say=NO_EMHASS,
        least_ratio=50.0,
    ),
    Participant(
        "EMHASS, reused object",
        HUB,
        EMHASS,
        "driver_emhass.py",
        "reused",
        cannot_say="as above",
        least_ratio=7.0,
    ),
    Participant(
        "EMHASS, reused, same problem again",
        HUB,
        EMHASS,
        "driver_emhass.py",
        "again",
        cannot_say="as above",
        least_ratio=7.0,
    ),
    Participant("kwartier", CALTECH, OURS, "driver_kwartier.py", request="request"),
    Participant(
        "acnportal + cvxpy, linear",
        CALTECH,
        ACN,
        "driver_acn.py",
        "linear",
        cannot_say=NO_ACN,
        least_ratio=7.0,
    ),
    Participant(
        "acnportal + cvxpy, phasor",
        CALTECH,
        ACN,
        "driver_acn.py",
        "phasor",
        cannot_say="as above",
        least_ratio=12.0,
    ),
)
# Whom the others are compared with: the one of ours that is asked exactly what they are asked.
YARDSTICKS = {HUB: "hub: kwartier, the peers' problem", CALTECH: "caltech: kwartier"}
