"""The services that the tests stand on are what they claim to be."""

import urllib.request
from pathlib import Path

import pytest
import redis
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select, text

from app.store import schema
from app.store.database import db
from app.store.tables import UserRow
from tests.cast import Cast
from tests.real.postern import PosternServer
from tests.real.postgresql import DSN_VARIABLE, postgresql


def test_each_test_has_a_migrated_database_of_its_own(app: Flask) -> None:
    with app.app_context():
        assert schema.fault() is None
        assert db.session.scalars(select(UserRow)).all() == []


def test_postgresql_has_the_version_that_we_promise_to_run_on(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            assert db.session.scalar(text("SHOW server_version_num")) >= "150000"


def test_redis_has_the_version_that_we_promise_to_run_on(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        assert int(connection.info()["redis_version"].split(".")[0]) >= 6


def test_chromium_renders_a_page(browser: Browser) -> None:
    with browser.new_page() as page:
        page.set_content("<h1>Postern</h1>")
        assert page.inner_text("h1") == "Postern"
        assert page.screenshot()


def test_a_postgresql_of_our_own_leaves_the_home_folder_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DSN_VARIABLE, raising=False)
    before = Path.home().stat().st_mode
    with postgresql():
        assert Path.home().stat().st_mode == before


def test_a_server_is_stopped_killed_and_started_again_on_the_same_database(cast: Cast, server: PosternServer) -> None:
    assert server.stop() == 0
    server.start()
    server.kill()
    server.start()
    with urllib.request.urlopen(f"{server.url}/login") as answer:
        assert answer.status == 200
    assert server.output.count(f"Postern is at {server.url}") == 3
