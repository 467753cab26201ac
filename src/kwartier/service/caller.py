"""Who asks: a client of a partner, and what it may do."""

from dataclasses import dataclass
from enum import IntEnum


class Scope(IntEnum):
    """What a client may do; each scope holds those below it."""

    READ = 1
    WRITE = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """The scope as it is written in tokens and on the command line."""
        return self.name.lower()


SCOPE_BY_WORD = {scope.word: scope for scope in Scope}


@dataclass(frozen=True)
class Caller:
    """An authenticated client. Everything it reads or changes belongs to `partner_id`."""

    partner_id: str
    client_id: str
    scope: Scope

    def may(self, needed: Scope) -> bool:
        """Whether its scope holds the needed one."""
        return self.scope >= needed
