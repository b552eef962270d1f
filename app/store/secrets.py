"""The secrets that rows are made under: kept beside the database connection, never in the database."""

import hashlib
import hmac
from dataclasses import dataclass, field

from flask import Flask, current_app

from app.domain.keys import KeySecret

EXTENSION = "postern_secrets"
CHAIN = "chain"


@dataclass(frozen=True)
class Secrets:
    """`keys` begins with the one that new digests are made under."""

    keys: tuple[KeySecret, ...]
    chain: bytes = field(repr=False)

    @property
    def current_key(self) -> KeySecret:
        """The secret that new digests are made under."""
        return self.keys[0]

    def proofs(self) -> dict[str, str]:
        """What each secret makes of a fixed text, by name: tells a wrong secret from the right one."""
        named = {key_name(secret.id): secret.value for secret in self.keys} | {CHAIN: self.chain}
        return {name: hmac.new(value, b"postern", hashlib.sha256).hexdigest() for name, value in named.items()}


def key_name(secret_id: str) -> str:
    """The name of a key secret among the proofs."""
    return f"key {secret_id}"


def init_app(app: Flask, secrets: Secrets) -> None:
    """Keep the secrets with the app."""
    app.extensions[EXTENSION] = secrets


def current() -> Secrets:
    """The secrets of the app at hand."""
    secrets: Secrets = current_app.extensions[EXTENSION]
    return secrets
