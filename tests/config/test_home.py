"""The folder of one installation: made private, keeper of secrets, and one line where it cannot be used."""

import stat
from pathlib import Path

import pytest

from app import home
from app.config import Settings, SettingsError


def loaded(path: Path | str, **environ: str) -> Settings:
    return home.load({"POSTERN_HOME": str(path), **environ})


def faults(path: Path, **environ: str) -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        loaded(path, **environ)
    assert len(str(refused.value).splitlines()) == len(refused.value.faults)
    return dict(refused.value.faults)


def test_secrets_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = loaded(tmp_path / "home"), loaded(tmp_path / "home")

    assert first == second
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "home" / home.SECRETS_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("nothing", ["", " "])
def test_no_database_and_no_secrets_mean_the_file_and_its_own_secrets(tmp_path: Path, nothing: str) -> None:
    plain = loaded(tmp_path)

    assert plain == loaded(tmp_path, DATABASE_URL=nothing, KEY_SECRETS=nothing, SESSION_SECRET=nothing)
    assert plain.is_embedded


def test_a_relative_folder_is_meant_from_where_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert loaded("data").home == tmp_path / "data"
    assert loaded("data").database_url == f"sqlite:///{tmp_path}/data/postern.db"


def test_a_node_of_a_fleet_makes_up_no_secrets(tmp_path: Path) -> None:
    assert faults(tmp_path / "home", DATABASE_URL="postgresql://h/x").keys() == set(home.SECRET_NAMES)
    assert not (tmp_path / "home").exists()


def test_a_folder_that_cannot_be_used_is_told_together_with_every_other_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for path in (tmp_path / "file", tmp_path / "file" / "home"):
        found = faults(path, PORT="x", SESSION_SECRET="short")
        assert found.keys() == {"POSTERN_HOME", "PORT", "SESSION_SECRET"}
        assert "folder" in found["POSTERN_HOME"]


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refuse)

    assert list(faults(tmp_path)) == ["POSTERN_HOME"]


@pytest.mark.parametrize("kept", [b"\xff\xfe", b""])
def test_kept_secrets_that_were_damaged_are_told(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / home.SECRETS_FILE).write_bytes(kept)

    found = faults(tmp_path)

    assert home.SECRETS_FILE in found["POSTERN_HOME"]
