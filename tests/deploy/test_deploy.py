"""What is in deploy/ fits together, and keeps what it promises: not root, nothing to write to, no secret in a file.

No container is started here; that needs a Docker daemon."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import Settings
from tests.architecture.house import ROOT
from tests.conftest import SECRETS

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
VARIABLE = re.compile(r"\$\{(\w+)(?::[?-])?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def instructions(name: str) -> list[str]:
    """What follows each instruction of this name, continued lines joined."""
    return re.findall(rf"^{name} (.*)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)


def ignored() -> list[str]:
    return [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line]


def test_every_service_is_kept_from_writing_and_comes_back(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert service.get("read_only") or name == "postgres", name
        assert not service.get("privileged")


def test_the_nodes_are_alike_and_wait_for_the_schema(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["web1"] == services["web2"]
    assert services["web1"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["web1"]["cap_drop"] == ["ALL"]
    assert services["migrate"]["command"] == ["postern", "migrate"]


def test_postern_accepts_the_settings_of_the_compose_file(compose: dict[str, Any]) -> None:
    given = SECRETS | {
        "PUBLIC_URL": "https://postern.example.com",
        "POSTGRES_PASSWORD": "x" * 64,
        "METRICS_TOKEN": "0123456789abcdef0123456789abcdefghi",
    }
    told = {
        name: VARIABLE.sub(lambda found: given[found[1]], value)
        for name, value in compose["services"]["web1"]["environment"].items()
    }

    settings = Settings.from_env(told)

    assert settings.is_https
    assert not settings.is_embedded
    assert settings.redis_url
    (subnet,) = (one["subnet"] for one in compose["networks"]["default"]["ipam"]["config"])
    assert settings.trusted_proxies == (ip_network(subnet),)


def test_every_secret_comes_from_outside(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    asked = set(VARIABLE.findall(text))
    listed = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "env.example").read_text(), re.MULTILINE))
    assert asked == listed.keys()
    assert set(listed.values()) == {""}
    for name in asked - {"METRICS_TOKEN"}:
        assert f"${{{name}:?}}" in text, "what is missing stops the start"


def test_redis_evicts_nothing(compose: dict[str, Any]) -> None:
    assert "noeviction" in compose["services"]["redis"]["command"]


def test_the_image_runs_as_nobody_in_particular(compose: dict[str, Any]) -> None:
    (user,) = instructions("USER")
    assert user == "10001:10001"
    assert DOCKERFILE.index("USER") < DOCKERFILE.index("ENTRYPOINT")
    assert "--uid 10001" in DOCKERFILE
    homes = [mount for mount in compose["services"]["web1"]["tmpfs"] if "uid=10001,gid=10001" in mount]
    assert [home.partition(":")[0] for home in homes] == ["/var/lib/postern"]


def test_the_image_holds_all_that_is_imported_or_read_and_nothing_else() -> None:
    copied = {source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]}
    assert copied == {"requirements.txt", "wsgi.py", "migrations", "docs/guide", "docs/pictures", "app"}
    assert all((ROOT / path).exists() for path in copied)
    assert ignored()[0] == "*", "what is not named stays out: instance, secrets, .git"
    assert {line.removeprefix("!") for line in ignored() if line.startswith("!")} == copied


def test_packages_are_installed_by_their_hashes() -> None:
    assert any("--require-hashes" in line for line in instructions("RUN"))


def test_nginx_buffers_bodies_and_overwrites_the_address(compose: dict[str, Any]) -> None:
    lines = [" ".join(line.split()) for line in NGINX.splitlines()]
    assert "proxy_request_buffering on;" in lines
    assert "client_body_timeout 10s;" in lines
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    assert "proxy_add_x_forwarded_for" not in NGINX
    upstream = re.findall(r"server (\w+):(\d+)", NGINX)
    assert upstream == [("web1", "8000"), ("web2", "8000")]
    assert instructions("EXPOSE") == ["8000"]
    assert NGINX.count("{") == NGINX.count("}")
    assert "$request_uri" not in NGINX, "a key in a query would be in the log"
    assert "$args" not in NGINX


def test_the_unit_is_not_root_and_has_time_to_stop(tmp_path: Path) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "postern.service")
    service = unit["Service"]
    assert service["DynamicUser"] == service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ExecStart"].endswith("flask --app app postern serve")
    assert int(service["TimeoutStopSec"]) >= 30
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        said = subprocess.run(
            [analyze, "verify", DEPLOY / "postern.service"], check=False, capture_output=True, text=True
        )
        assert "Unknown" not in said.stderr, said.stderr


def test_every_setting_is_explained() -> None:
    documents = (ROOT / "README.md").read_text() + (ROOT / "docs" / "operating.md").read_text()
    names = re.findall(r'read\(\s*"([A-Z_]+)"', (ROOT / "app" / "config.py").read_text())
    assert len(names) > 10
    assert [name for name in names if f"`{name}`" not in documents and f"{name}=" not in documents] == []
