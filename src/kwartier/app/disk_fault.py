"""The end of a process whose disk has not kept what was written."""

import logging
import os
from typing import NoReturn

import structlog

log = structlog.get_logger("kwartier.app")


def end_at_once() -> NoReturn:
    """End the process as if its power had gone: nothing more is written, nothing more is answered.

    Whoever waits for an answer gets none, and sends again. The next process begins with what the disk holds.
    """
    log.critical("the disk did not keep what was written; this process ends, and must be started again")
    logging.shutdown()
    os._exit(os.EX_IOERR)
