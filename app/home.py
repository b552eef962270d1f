"""The folder of one installation: private, and keeper of the secrets that nobody set in the environment."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from app.config import SECRET_BYTES, Settings, SettingsError, home_of, what_is_told

SECRETS_FILE = "secrets.env"
SECRET_NAMES = ("KEY_SECRETS", "CHAIN_SECRET", "SESSION_SECRET")


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Embedded, secrets that are not set are made once and kept in POSTERN_HOME; nodes
    of a fleet share theirs through the environment, because each would make up its own. Raises SettingsError."""
    told = what_is_told(environ)
    if not told.get("DATABASE_URL", "sqlite").startswith("sqlite"):
        return Settings.from_env(told)
    home = home_of(told)
    try:
        _make_private(home)
        known = {**_kept_secrets(home / SECRETS_FILE), **told}
    except OSError as error:
        reason = f"this folder cannot be used: {error.strerror} ({error.filename}). Choose another one."
        raise _with_all_others(reason, told) from None
    if not known.keys() >= set(SECRET_NAMES):
        raise _with_all_others(f"{SECRETS_FILE} in this folder is damaged. Put back a copy of it.", told)
    return Settings.from_env(known)


def _with_all_others(reason: str, told: Mapping[str, str]) -> SettingsError:
    """The fault of the folder, with those of all that was told: secrets stand in for the ones it cannot keep."""
    try:
        Settings.from_env({**_made_up(), **told})
    except SettingsError as others:
        return SettingsError({"POSTERN_HOME": reason, **others.faults})
    return SettingsError({"POSTERN_HOME": reason})


def _make_private(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_mode & 0o077:
        home.chmod(0o700)


def _kept_secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        _write_new(path)
    lines = (line.partition("=") for line in path.read_text("ascii", "replace").splitlines())
    return {name: value for name, _, value in lines if name in SECRET_NAMES}


def _write_new(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in _made_up().items())
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link never replaces: of two processes that start at once, both end with the first one's secrets.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _made_up() -> dict[str, str]:
    return {"KEY_SECRETS": f"1:{_random()}", "CHAIN_SECRET": _random(), "SESSION_SECRET": _random()}


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")
