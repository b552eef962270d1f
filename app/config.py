"""All of the environment, read once. Every fault is reported together, each with what to do."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from app.domain.errors import Faults, Unfit
from app.domain.keys import KeySecret
from app.domain.networks import Network, address, listed

SECRET_BYTES = 32
SHORTEST_TOKEN = 32
# Of 32 random bytes about 30 differ, and as many of the steps between them. Neighbours in text differ by less.
FEWEST_DIFFERENT = 16
MASKED = "set, not shown"
_SAMPLE = re.compile("example|sample|secret|password|change", re.IGNORECASE)
_SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,5}", re.ASCII)
_HOST = r"(?:[A-Za-z0-9_.-]+|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[^/?#@]*))?"
_PUBLIC_URL = re.compile(rf"(?P<scheme>https?)://(?P<authority>{_HOST})/?", re.ASCII | re.IGNORECASE)
_LOGIN = r"(?:[^:/@]*(?::[^@]*)?@)?"
# A socket needs no host, and several hosts stand in the query.
_POSTGRESQL = re.compile(rf"(?:postgres|postgresql|postgresql\+psycopg)://(?P<rest>{_LOGIN}(?:{_HOST})?(?:[/?].*)?)")
_SQLITE = re.compile(r"sqlite:////.*[^/]")
_REDIS = re.compile(rf"rediss?://{_LOGIN}{_HOST}(?:/[0-9]*)?(?:\?.*)?|(?:redis\+)?unix://.*/.+")
T = TypeVar("T")


class SettingsError(Exception):
    """The environment cannot be used; the message has one line for each fault."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"{name}: {sentence}" for name, sentence in faults.items()))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """What this process was told. Secrets and addresses with passwords are left out of its printed form."""

    home: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    public_url: str
    host: str
    port: int
    workers: int
    threads: int
    trusted_proxies: tuple[Network, ...]
    key_secrets: tuple[KeySecret, ...]
    chain_secret: bytes = field(repr=False)
    session_secret: bytes = field(repr=False)
    metrics_token: str | None = field(repr=False)

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation by HTTPS only, so that cookies can be kept to it."""
        return self.public_url.startswith("https://")

    def told(self) -> list[tuple[str, str]]:
        """The settings by name, to be shown: secrets by their ids alone, addresses without their logins."""
        return [
            ("POSTERN_HOME", str(self.home)),
            ("DATABASE_URL", _without_login(self.database_url)),
            ("REDIS_URL", _without_login(self.redis_url or "not set: counts are kept in memory")),
            ("PUBLIC_URL", self.public_url),
            ("HOST", self.host),
            ("PORT", str(self.port)),
            ("WORKERS", str(self.workers)),
            ("THREADS", str(self.threads)),
            ("TRUSTED_PROXIES", ", ".join(map(str, self.trusted_proxies)) or "none"),
            ("KEY_SECRETS", ", ".join(f"{secret.id}: {MASKED}" for secret in self.key_secrets)),
            ("CHAIN_SECRET", MASKED),
            ("SESSION_SECRET", MASKED),
        ]

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises SettingsError with every fault at once."""
        faults = Faults()
        told = what_is_told(environ)

        def read(name: str, default: str, parse: Callable[[str], T]) -> T:
            with faults.at(name):
                return parse(told.get(name, default))
            return parse(default) if default else None

        home = home_of(told)
        port = read("PORT", "8000", _port)
        settings = cls(
            home=home,
            database_url=read("DATABASE_URL", f"sqlite:///{home / 'postern.db'}", _database_url),
            redis_url=read("REDIS_URL", "", _redis_url),
            public_url=read("PUBLIC_URL", f"http://127.0.0.1:{port}", _public_url),
            host=read("HOST", "127.0.0.1", str),
            port=port,
            workers=read("WORKERS", "1", _count),
            threads=read("THREADS", "4", _count),
            trusted_proxies=read("TRUSTED_PROXIES", "", listed),
            key_secrets=read("KEY_SECRETS", "", _key_secrets),
            chain_secret=read("CHAIN_SECRET", "", _secret),
            session_secret=read("SESSION_SECRET", "", _secret),
            metrics_token=read("METRICS_TOKEN", "", _metrics_token),
        )
        with faults.at("WORKERS"):
            if settings.workers > 1 and settings.redis_url is None:
                raise Unfit("several processes count together only in Redis. Set REDIS_URL, or WORKERS=1.")
        if faults.fields:
            raise SettingsError(faults.fields)
        return settings


def _without_login(address: str) -> str:
    """The address without a name and a password, and without a query, which may hold them as well."""
    scheme, separator, rest = address.partition("://")
    authority, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"


def what_is_told(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what is set to nothing, which means the same as not set."""
    return {name: value.strip() for name, value in environ.items() if value.strip()}


def home_of(environ: Mapping[str, str]) -> Path:
    """The folder of this installation, by what is told."""
    return Path(environ.get("POSTERN_HOME", "instance")).absolute()


def _port(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= 65_535:
        raise Unfit("give a port from 1 to 65535.")
    return int(text)


def _count(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= 64:
        raise Unfit("give a whole number from 1 to 64.")
    return int(text)


def _database_url(text: str) -> str:
    if _SQLITE.fullmatch(text):
        return text
    found = _POSTGRESQL.fullmatch(text)
    if found is None:
        raise Unfit("give postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or leave it out for a SQLite file.")
    _check_authority(found)
    return f"postgresql+psycopg://{found['rest']}"


def _redis_url(text: str) -> str | None:
    if not text:
        return None
    found = _REDIS.fullmatch(text)
    if found is None:
        raise Unfit("give redis://HOST:6379/0, or leave it out to count in memory.")
    _check_authority(found)
    return text


def _public_url(text: str) -> str:
    found = _PUBLIC_URL.fullmatch(text)
    if found is None:
        raise Unfit("give the address people use, such as https://postern.example.com")
    _check_authority(found)
    return f"{found['scheme'].lower()}://{found['authority']}"


def _check_authority(found: re.Match[str]) -> None:
    if found["six"] is not None:
        address(found["six"])
    if found["port"] is not None:
        _port(found["port"])


def _metrics_token(text: str) -> str | None:
    if not text:
        return None
    if not text.isascii() or not text.isprintable() or len(text) < SHORTEST_TOKEN or len(set(text)) < FEWEST_DIFFERENT:
        raise Unfit(f"give at least {SHORTEST_TOKEN} random characters: openssl rand -hex 32")
    return text


def _secret(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        value = b""
    if len(value) < SECRET_BYTES or _is_made_up(text, value):
        raise Unfit(f"give {SECRET_BYTES} random bytes in base 64: openssl rand -base64 {SECRET_BYTES}")
    return value


def _is_made_up(text: str, value: bytes) -> bool:
    """Whether somebody typed it, copied it from a page, or counted: chance brings forth none of these."""
    if _SAMPLE.search(text) or all(0x20 <= byte < 0x7F for byte in value):
        return True
    return len(set(value)) < FEWEST_DIFFERENT or any(
        len({after - before for before, after in pairwise(row)}) < FEWEST_DIFFERENT for row in (value, text.encode())
    )


def _key_secrets(text: str) -> tuple[KeySecret, ...]:
    secrets = []
    for part in text.split(","):
        secret_id, colon, value = part.strip().partition(":")
        if not colon or not _SECRET_ID.fullmatch(secret_id):
            raise Unfit("give ID:SECRET, the newest first, further accepted ones behind commas.")
        secrets.append(KeySecret(secret_id, _secret(value)))
    if len({secret.id for secret in secrets}) < len(secrets):
        raise Unfit("two secrets have the same id.")
    return tuple(secrets)
