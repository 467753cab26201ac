"""What `kwartier serve` secures its connections with, where it does so itself."""

import ssl

from kwartier.app.faults import UnusableSettings
from kwartier.app.settings import Settings

# RFC 8996: TLS 1.0 and 1.1 are no longer to be used; reliability.md, R47.
OLDEST = ssl.TLSVersion.TLSv1_2


def https_context(settings: Settings) -> ssl.SSLContext | None:
    """The context of HTTPS with the certificate of the settings, TLS 1.2 at least; None where they name none.

    Raises UnusableSettings for a file that cannot be read, or holds no certificate or no key that fits.
    """
    certificate, key = settings.http_certificate_file, settings.http_key_file
    if certificate is None:
        if key is not None:
            raise UnusableSettings(
                "KWARTIER_HTTP_KEY_FILE: a key needs its certificate; set KWARTIER_HTTP_CERTIFICATE_FILE too"
            )
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = OLDEST
    context.set_alpn_protocols(["http/1.1"])
    try:
        # An empty password for the key: without one a terminal would be asked.
        context.load_cert_chain(certificate, key, password="")
    except OSError as error:
        is_no_pem = isinstance(error, ssl.SSLError)
        why = (
            "no certificate, or no key without a password that fits, in PEM" if is_no_pem else error.strerror
        )
        names = f"KWARTIER_HTTP_CERTIFICATE_FILE={certificate}" + (
            f", KWARTIER_HTTP_KEY_FILE={key}" if key else ""
        )
        raise UnusableSettings(f"{names}: {why}") from None
    return context
