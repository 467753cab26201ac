"""What mqtts:// needs beside the address: whom to trust, and who we are."""

import ssl
from dataclasses import dataclass
from pathlib import Path


class UnusableTlsFile(OSError):
    """A file that cannot be read, or holds no certificate or key; the message says which one and why."""


class _ClosedWhenRefused(ssl.SSLSocket):
    """A socket that is closed where the broker is refused: the MQTT library only lets go of it."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002  # the library's signature
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


@dataclass(frozen=True)
class TlsFiles:
    """PEM files: an authority's certificates, absent the system's; our own certificate and, if not in it, its key."""

    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """What a connection is secured with; read anew for each, for certificates are renewed.

        The broker's certificate must come from an authority that is trusted, and name the host of the URL (RFC 9525).
        Raises UnusableTlsFile.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise _unusable(error, self.ca_file) from error
        context.sslsocket_class = _ClosedWhenRefused
        if self.certificate_file is not None:
            try:
                # An empty password for the key: without one a terminal would be asked.
                context.load_cert_chain(self.certificate_file, self.key_file, password="")
            except OSError as error:
                raise _unusable(error, self.certificate_file, self.key_file) from error
        return context


def refusal_of(error: OSError) -> str:
    """Why there is no connection, in words that name the next step where it is about the broker's certificate."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return (
            f"its certificate is not accepted: {why}; it must name the host of the URL, and come from an authority "
            "that the system or the given CA file trusts"
        )
    return str(error)


def _unusable(error: OSError, *paths: Path | None) -> UnusableTlsFile:
    reason = (
        "no certificate, or no key that fits, in PEM" if isinstance(error, ssl.SSLError) else error.strerror
    )
    return UnusableTlsFile(f"{', '.join(str(path) for path in paths if path)}: {reason}")
