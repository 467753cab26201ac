"""Client secrets as argon2id hashes."""
