from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from itertools import islice
from threading import Barrier, Event

import pytest

from app.domain import passwords as rules
from app.domain.errors import Invalid, TooMany, Unfit
from app.services import passwords
from tests.people import OTHER_PASSWORD, PASSWORD


def test_a_stored_password_is_argon2id_with_the_parameters_of_the_house() -> None:
    stored = passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    with passwords.turn():
        assert passwords.matches(PASSWORD, stored)
        assert not passwords.matches(OTHER_PASSWORD, stored)


def test_the_hash_of_nobody_costs_as_much_as_anybodys() -> None:
    assert not passwords._HASHER.check_needs_rehash(passwords._NOBODY)
    assert not passwords.matches("", passwords._NOBODY)
    assert not passwords.matches("", None)


def test_the_same_letter_typed_in_two_ways_is_the_same_password() -> None:
    assert rules.typed("cafe\u0301 au lait, s'il te") == rules.typed("caf\u00e9 au lait, s'il te")


@pytest.mark.parametrize(
    "password", ["15 characters ok", "x1y2z3 " * 146, "пароль из пятнадцати", "harbour-violet-ladder"]
)
def test_length_is_enough(password: str) -> None:
    assert rules.new_password(password) == password


@pytest.mark.parametrize(
    "password",
    [
        "",
        "14 characters.",
        "x1y2z3 " * 147,
        "passwordpassword",
        "Password-Password",
        "Correct Horse Battery Staple",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "linus@example.com",
        "my name is Linus@Example.com!",
    ],
)
def test_what_others_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(Unfit):
        rules.new_password(password, email="linus@example.com")


def test_a_refused_password_says_so_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        passwords.hashed_new("short", "linus@example.com", field="new_password")
    assert list(refused.value.fields) == ["new_password"]


def test_who_would_wait_too_long_is_told_and_the_next_one_is_served_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with passwords.turn(), passwords.turn(), pytest.raises(TooMany) as busy:
        passwords.hashed(PASSWORD)
    assert busy.value.retry_after > 0
    assert passwords.hashed(PASSWORD)


def test_only_one_waits_so_that_threads_stay_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 30)
    all_in, go_on = Barrier(passwords.AT_ONCE + 1), Event()

    def hold() -> None:
        with passwords.turn():
            all_in.wait(10)
            go_on.wait(10)

    with ThreadPoolExecutor(8) as pool:
        held = [pool.submit(hold) for _ in range(passwords.AT_ONCE)]
        all_in.wait(10)
        asked = [pool.submit(passwords.hashed, PASSWORD) for _ in range(4)]
        refused = list(islice(as_completed(asked, timeout=10), 4 - passwords.WAITING))
        go_on.set()
        wait(held)
        wait(asked)
    assert all(isinstance(one.exception(), TooMany) for one in refused)
    assert [one.exception() for one in asked if one not in refused] == [None] * passwords.WAITING
