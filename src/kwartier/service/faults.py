"""What can break below the service; the adapters raise these, and each edge maps them in one table."""


class ServiceFault(Exception):
    """Root of what an adapter reports as broken; everything else is a mistake in kwartier."""


class StoreUnavailable(ServiceFault):
    """The database cannot be reached, is busy for too long, or went away; the same call may succeed later."""


class HindsightUnavailable(ServiceFault):
    """A past month could not be solved now: no process for it could be started, or the service ends."""


class StoreFull(ServiceFault):
    """The database has no space left; nothing of the call was stored."""
