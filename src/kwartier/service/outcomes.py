"""The answers «no» that several use cases give; those of one use case stand in its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UnknownSite:
    """The caller's partner has no such site; another partner's site is as unknown as one that never was."""


@dataclass(frozen=True)
class RevisionConflict:
    """The site is not at the revision that the change was made for; read it again and decide anew."""


@dataclass(frozen=True)
class SiteIdDiffers:
    """The document names another site than the address it was sent to."""


@dataclass(frozen=True)
class DocumentTooLarge:
    """The changed document would be larger than a document may be."""


@dataclass(frozen=True)
class UnknownPartner:
    """There is no partner with that name or id."""


@dataclass(frozen=True)
class UnknownClient:
    """The partner has no such client, or none that is still in use."""


@dataclass(frozen=True)
class UnknownUser:
    """The partner has no such user, or none that is still in use."""


@dataclass(frozen=True)
class SeveralClients:
    """The partner has several clients in use, so one must be named."""

    client_ids: tuple[str, ...]
