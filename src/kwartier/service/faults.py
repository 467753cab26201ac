"""What can break below the service; the adapters raise these, and each edge maps them in one table."""


class ServiceFault(Exception):
    """Root of what an adapter reports as broken; everything else is a mistake in kwartier."""


class StoreUnavailable(ServiceFault):
    """The database cannot be reached, is busy for too long, or went away; the same call may succeed later."""


class StoreFull(ServiceFault):
    """The database has no space left; nothing of the call was stored."""
