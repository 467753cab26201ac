"""The jobs of `kwartier simulate`: a site, a month and a policy each; what is done already is not done again."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from kwartier.adapters.cli.faults import WrongUsage
from kwartier.adapters.cli.json_files import write_text

if TYPE_CHECKING:
    from kwartier.simulation.disturbance import Disturbance
    from kwartier.simulation.period import Period
    from kwartier.simulation.result import PolicyRun
    from kwartier.site.document import Site


@dataclass(frozen=True)
class JobSource:
    """What befalls the site: the folder with its data, the seed of what that lacks, and what is imperfect about it."""

    data: Path | None
    seed: int
    disturbance: "Disturbance"


@dataclass(frozen=True)
class Job:
    """One site-month under one policy; `key` is a hash of all that decides the result, `out` where results are kept."""

    site_json: str
    start: datetime
    end: datetime
    policy: str
    source: JobSource
    out: Path | None
    key: str

    @property
    def path(self) -> Path | None:
        """The file of the result: site, month, policy, seed, and the beginning of the key."""
        if self.out is None:
            return None
        return self.out / f"{self.start:%Y%m%dT%H%MZ}-{self.policy}-{self.source.seed}-{self.key[:16]}.json"


def period_of(site: "Site", begin: str, end: str) -> "Period":
    """The local days from `begin` on and before `end`; raises WrongUsage for what is no date or no period."""
    from kwartier.simulation.period import Period
    from kwartier.site.timezone import site_timezone

    zone = site_timezone(site)
    first, last = (
        _midnight(text, name).replace(tzinfo=zone) for text, name in ((begin, "--from"), (end, "--to"))
    )
    if last <= first:
        raise WrongUsage(f"--to {end} does not come after --from {begin}; give the day after the last one")
    return Period(first.astimezone(UTC), last.astimezone(UTC))


def _midnight(text: str, name: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time())
    except ValueError:
        raise WrongUsage(f"{name} {text!r} is no date; write it as 2026-03-01") from None


def jobs_of(
    site: "Site", period: "Period", policies: list[str], source: JobSource, out: Path | None
) -> list[Job]:
    """A job per local month of the period and policy (none named: all). Raises WrongUsage for an unknown policy."""
    from kwartier.adapters.site_data.folder import fingerprint
    from kwartier.simulation.simulate import ORACLE, POLICIES
    from kwartier.site.timezone import site_timezone

    known, data = [*POLICIES, ORACLE], source.data
    if unknown := [name for name in policies if name not in known]:
        raise WrongUsage(f"{unknown[0]!r} is no policy; there are {', '.join(known)}")
    if data is not None and not data.is_dir():
        raise WrongUsage(f"--data {data}: there is no such folder; name the one with the site's data")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    text, read = site.model_dump_json(), fingerprint(data)
    # What was kept before a site could be disturbed keeps its key.
    disturbed = () if source.disturbance.is_none else (repr(source.disturbance),)
    jobs = []
    for start, end in _months(period.start, period.end, site_timezone(site)):
        for name in policies or known:
            decides = (text, start.isoformat(), end.isoformat(), name, str(source.seed), read, *disturbed)
            key = hashlib.sha256("\0".join(decides).encode()).hexdigest()
            jobs.append(Job(text, start, end, name, source, out, key))
    return jobs


def _months(start: datetime, end: datetime, zone: object) -> list[tuple[datetime, datetime]]:
    """The period cut where local months begin."""
    cuts = [start]
    local = start.astimezone(zone)  # type: ignore[arg-type]  # a zone of the site
    while True:
        year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
        local = datetime(year, month, 1, tzinfo=local.tzinfo)
        if local >= end:
            return list(zip(cuts, [*cuts[1:], end], strict=True))
        cuts.append(local.astimezone(UTC))


def run_job(job: Job) -> "PolicyRun":
    """The result of a job: from its file where that is there and whole, else simulated and kept."""
    from kwartier.adapters.site_data.folder import read_recorded_site
    from kwartier.simulation.period import Period
    from kwartier.simulation.result import PolicyRun
    from kwartier.simulation.simulate import simulate
    from kwartier.site.document import Site

    if job.path is not None and job.path.exists():
        return PolicyRun.model_validate_json(job.path.read_bytes())
    site, period, source = Site.model_validate_json(job.site_json), Period(job.start, job.end), job.source
    run = simulate(
        read_recorded_site(site, source.data, period, seed=source.seed),
        period,
        job.policy,
        seed=source.seed,
        disturbance=source.disturbance,
    )
    if job.path is not None:
        write_text(job.path, run.model_dump_json() + "\n")
    return run
