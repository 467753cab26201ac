"""Access tokens as signed JSON (RFC 7519)."""
