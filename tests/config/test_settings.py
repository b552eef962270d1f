"""What the environment may say, and that each fault of it is one line that says what to do (SPEC 15)."""

import base64
import hashlib
from pathlib import Path

import pytest

from app.config import Settings, SettingsError
from tests.conftest import SECRETS

RANDOM = hashlib.sha512(b"as good as random").digest()


def settings(**environ: str) -> Settings:
    return Settings.from_env({**SECRETS, **environ})


def faults(**environ: str) -> dict[str, str]:
    """The faults of these settings, each seen to be one line."""
    with pytest.raises(SettingsError) as refused:
        settings(**environ)
    lines = str(refused.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == list(refused.value.faults)
    return dict(refused.value.faults)


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def test_every_fault_is_told_at_once() -> None:
    wrong = {
        "PORT": "0",
        "DATABASE_URL": "mysql://h/x",
        "REDIS_URL": "http://h",
        "PUBLIC_URL": "http://[::1",
        "WORKERS": "none",
        "THREADS": "65",
        "TRUSTED_PROXIES": "everybody",
        "KEY_SECRETS": "1:é",
        "CHAIN_SECRET": "é",
        "SESSION_SECRET": "short",
    }
    assert faults(**wrong).keys() == wrong.keys()


def test_what_is_set_to_nothing_is_not_set() -> None:
    names = ("POSTERN_HOME", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "HOST", "PORT", "WORKERS", "THREADS")
    nothing = dict(zip((*names, "TRUSTED_PROXIES"), ["", " "] * 5, strict=False))

    assert settings(**nothing) == settings()
    assert settings().database_url == f"sqlite:///{Path('instance').absolute()}/postern.db"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://postern.example.com", "https://postern.example.com"),
        ("HTTPS://postern.example.com/", "https://postern.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://postern", "http://postern"),
    ],
)
def test_the_public_address_is_a_scheme_and_a_host(said: str, meant: str) -> None:
    assert settings(PUBLIC_URL=said).public_url == meant


@pytest.mark.parametrize(
    "said",
    [
        "postern.example.com",
        "ftp://postern.example.com",
        "http://",
        "http://[::1",
        "http://[postern]",
        "http://[:::]",
        "http://h:",
        "http://h:port",
        "http://h:0",
        "http://h:65536",
        "http://h:-1",
        "http://u:p@h",
        "http://h/path",
        "http://h?q",
        "http://h#f",
        "http://a b",
        "http://a,b",
    ],
)
def test_a_public_address_that_is_none_is_one_fault(said: str) -> None:
    assert list(faults(PUBLIC_URL=said)) == ["PUBLIC_URL"]


@pytest.mark.parametrize(
    "said",
    [
        "postgresql://h/x",
        "postgres://u:p@h:5432/x",
        "postgresql+psycopg://u:p%40ss@[::1]:5432/x?sslmode=require",
        "postgresql:///x?host=/run/postgresql",
        "postgresql://u@/x?host=a:1,b:2",
        "postgresql://u:p/w#d:x@h/x",
    ],
)
def test_a_database_on_postgresql_is_asked_by_psycopg(said: str) -> None:
    assert settings(DATABASE_URL=said).database_url == "postgresql+psycopg://" + said.partition("://")[2]


@pytest.mark.parametrize(
    "said",
    [
        "mysql://h/x",
        "postgresql+asyncpg://h/x",
        "postgresql://u@h:port/x",
        "postgresql://u@h:/x",
        "postgresql://u@h:0/x",
        "postgresql://u@h:65536/x",
        "postgresql://u@[::1/x",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        # Every part of the program has to open the same file, whatever folder it takes itself to be in.
        "sqlite:///postern.db",
    ],
)
def test_a_database_that_cannot_be_opened_is_one_fault(said: str) -> None:
    assert list(faults(DATABASE_URL=said)) == ["DATABASE_URL"]


def test_a_fault_of_the_database_address_does_not_repeat_its_password() -> None:
    assert "hunter2" not in str(faults(DATABASE_URL="postgresql://u:hunter2@h:port/x"))


@pytest.mark.parametrize("said", ["http://h", "redis://h:port/0", "redis://h:65536", "redis://[::1", "redis://h/first"])
def test_a_redis_that_cannot_be_found_is_one_fault(said: str) -> None:
    assert list(faults(REDIS_URL=said)) == ["REDIS_URL"]


@pytest.mark.parametrize(
    "said", ["redis://h", "rediss://u:p@h:6379/0", "redis://[::1]:6379", "redis+unix:///run/r.sock"]
)
def test_a_redis_is_an_address(said: str) -> None:
    assert settings(REDIS_URL=said).redis_url == said


@pytest.mark.parametrize(
    "said",
    [
        "é",
        "\udcff",
        "short",
        encoded(RANDOM[:31]),
        encoded(RANDOM[:32])[:-1],
        "SECRET",
        "change-me-change-me-change-me-change-me-change-me",
        "changemechangemechangemechangemechangemechangeme",
        "ThisIsAnExampleSecretThatYouHaveToReplaceByYours",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "0123456789abcdef" * 4,
        "deadbeef" * 8,
        "a" * 44,
        encoded(bytes(32)),
        encoded(bytes(range(32))),
        encoded(RANDOM[:8] * 4),
        encoded(b"this is thirty-two bytes of text"),
        encoded(b"correct horse battery staple Tr0ub4dor&3"),
    ],
)
def test_a_secret_that_others_could_guess_is_refused(said: str) -> None:
    found = faults(KEY_SECRETS=f"1:{said}", CHAIN_SECRET=said, SESSION_SECRET=said)

    assert found.keys() == SECRETS.keys()
    assert "openssl rand -base64 32" in found["SESSION_SECRET"]


@pytest.mark.parametrize("value", [RANDOM, RANDOM[:32], RANDOM[32:]])
def test_random_bytes_are_a_secret(value: bytes) -> None:
    assert settings(SESSION_SECRET=encoded(value)).session_secret == value


def test_a_secret_is_in_no_fault() -> None:
    assert "c2hvcnQ" not in str(faults(KEY_SECRETS="1:c2hvcnQ", CHAIN_SECRET="c2hvcnQ", SESSION_SECRET="c2hvcnQ"))


@pytest.mark.parametrize(
    "said", ["ID:SECRET", SECRETS["CHAIN_SECRET"], f"{SECRETS['KEY_SECRETS']},{SECRETS['KEY_SECRETS']}"]
)
def test_secrets_of_keys_have_ids_of_their_own(said: str) -> None:
    assert list(faults(KEY_SECRETS=said)) == ["KEY_SECRETS"]


@pytest.mark.parametrize("said", ["0.0.0.0/0", "::/0", "0.0.0.0/1, 128.0.0.0/1", "10.0.0.1/8"])
def test_proxies_that_would_be_everybody_are_refused(said: str) -> None:
    assert list(faults(TRUSTED_PROXIES=said)) == ["TRUSTED_PROXIES"]


def test_proxies_are_a_list() -> None:
    proxies = settings(TRUSTED_PROXIES="10.0.0.0/8, ::ffff:192.0.2.0/120,,2001:db8::1").trusted_proxies

    assert [str(proxy) for proxy in proxies] == ["10.0.0.0/8", "192.0.2.0/24", "2001:db8::1/128"]
