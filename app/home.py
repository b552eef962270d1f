"""The folder of one installation: private, and keeper of the secrets that nobody set in the environment."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from app.config import SECRET_BYTES, Settings

SECRETS_FILE = "secrets.env"
SECRET_NAMES = ("KEY_SECRETS", "CHAIN_SECRET", "SESSION_SECRET")


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Embedded, secrets that are not set are made once and kept in POSTERN_HOME; nodes
    of a fleet share theirs through the environment, because each would make up its own. Raises SettingsError."""
    home = Path(environ.get("POSTERN_HOME") or "instance").absolute()
    if environ.get("DATABASE_URL", "sqlite").startswith("sqlite"):
        _make_private(home)
        return Settings.from_env({**_kept_secrets(home / SECRETS_FILE), **environ})
    return Settings.from_env(environ)


def _make_private(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_mode & 0o077:
        home.chmod(0o700)


def _kept_secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        _write_new(path)
    lines = (line.partition("=") for line in path.read_text("ascii").splitlines())
    return {name: value for name, _, value in lines if name in SECRET_NAMES}


def _write_new(path: Path) -> None:
    made = {"KEY_SECRETS": f"1:{_random()}", "CHAIN_SECRET": _random(), "SESSION_SECRET": _random()}
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in made.items())
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link never replaces: of two processes that start at once, both end with the first one's secrets.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")
