"""What is shown of the settings: everything but what would let somebody in."""

import pytest

from app.config import Settings
from tests.conftest import SECRETS


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("DATABASE_URL", "postgresql://ada:s3same@db:5432/postern", "postgresql+psycopg://db:5432/postern"),
        (
            "DATABASE_URL",
            "postgresql://postgres@/postern?host=/run/pg&password=s3same",
            "postgresql+psycopg:///postern",
        ),
        ("DATABASE_URL", "postgresql://ada:s3%40me@[::1]/x", "postgresql+psycopg://[::1]/x"),
        ("REDIS_URL", "redis://:s3same@cache:6379/0", "redis://cache:6379/0"),
    ],
)
def test_addresses_are_shown_without_logins(name: str, address: str, shown: str) -> None:
    told = dict(Settings.from_env({name: address, **SECRETS}).told())
    assert told[name] == shown
    assert "s3" not in str(told)


def test_of_secrets_nothing_but_the_ids_is_shown() -> None:
    told = Settings.from_env(SECRETS).told()
    assert dict(told)["KEY_SECRETS"] == "1: set, not shown"
    assert not any(secret.split(":")[-1] in value for secret in SECRETS.values() for _, value in told)
