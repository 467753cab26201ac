"""The fault of a request from which no plan can be judged."""


class UnusableRequestError(ValueError):
    """A request that lacks what any plan of it needs, such as a price for a quarter-hour of the horizon.

    `check_plan` reports it as the violation `request.unusable`; no plan of such a request can be right.
    """
