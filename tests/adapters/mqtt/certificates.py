"""Certificates for tests, made by the openssl command: an authority, a broker named localhost, a device."""

import subprocess
from pathlib import Path

# RFC 5280, section 4.2: what an authority may do, and what its children are.
EXTENSIONS = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[child]
basicConstraints = critical, CA:false
subjectAltName = DNS:localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def make_certificates(folder: Path) -> None:
    """Write ca.pem, broker.pem and device.pem that it has signed, other.pem of somebody else, and a .key for each."""
    (folder / "extensions").write_text(EXTENSIONS)
    for name in ("ca", "other"):
        _make(folder, name, "-extensions", "authority")
    for name in ("broker", "device"):
        _make(folder, name, "-extensions", "child", "-CA", "ca.pem", "-CAkey", "ca.key")


def _make(folder: Path, name: str, *options: str) -> None:
    new = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-config", "extensions", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"]
    subprocess.run(["openssl", "req", *new, *files, *options], cwd=folder, check=True, capture_output=True)
