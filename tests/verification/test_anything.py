"""Whatever is sent, the answer is JSON, says valid only for a valid token, and is never a 500."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.access_rules import ASKABLE_METHODS
from app.verification import schema
from app.verification.problems import Malformed
from tests.verification.conftest import Office, Service

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*schema.READERS, "valid"])
FITTING = st.fixed_dictionaries(
    {"token": st.text(max_size=60)},
    optional={
        "scopes": st.lists(st.sampled_from(["invoice:read", "payout:create", "a:b"]), max_size=20),
        "method": st.sampled_from(ASKABLE_METHODS),
        "path": st.text(max_size=30).map(lambda text: f"/{text}"),
        "client_ip": st.ip_addresses().map(str),
        "cost": st.integers(0, 100),
        "explain": st.booleans(),
    },
)
ODD = st.dictionaries(NAMES, VALUES, max_size=3)
OBJECTS = FITTING | ODD | st.builds(lambda fitting, odd: {**fitting, **odd}, FITTING, ODD)
RAW = st.binary(max_size=200) | OBJECTS.map(json.dumps).map(str.encode)


@given(RAW)
@settings(max_examples=400)
def test_any_body_is_a_question_or_malformed(raw: bytes) -> None:
    try:
        body = schema.parse(raw)
    except Malformed:
        return
    assert body.scopes is not None or body.path is not None


def mutations(raw: bytes) -> st.SearchStrategy[bytes]:
    """The body with one byte replaced, or cut."""
    place = st.integers(0, len(raw) - 1)
    replaced = st.builds(lambda at, byte: raw[:at] + bytes([byte]) + raw[at + 1 :], place, st.integers(0, 255))
    return replaced | place.map(lambda at: raw[:at])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_request_gets_json_and_only_the_token_itself_is_valid(service: Service, office: Office) -> None:
    issued = office.issue()
    plain: dict[str, Any] = {"token": issued.key, "scopes": ["invoice:read"]}
    raw = json.dumps(plain).encode()

    @given(RAW | mutations(raw))
    # Not shrunk: each example is a request, and a body of two hundred bytes is read as it is.
    @settings(max_examples=150, deadline=None, phases=[Phase.generate], database=None)
    def send(body: bytes) -> None:
        response = service.post(body)
        assert response.status_code in {200, 400, 413}
        assert response.json is not None
        if response.status_code == 200 and response.json["valid"]:
            assert json.loads(body)["token"] == issued.key

    send()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_small_changes_to_a_real_key_make_it_unknown(service: Service, office: Office) -> None:
    key = office.issue().key
    changed = [key[:at] + ("x" if key[at] != "x" else "y") + key[at + 1 :] for at in range(len(key))]
    changed += [
        key[:-1],
        key[1:],
        key + "0",
        key.swapcase(),
        key[::-1],
        f"{key}{key}",
        key.replace("_", "-"),
        f"\ufeff{key}",
    ]

    assert {service.code(token) for token in changed} == {"UNKNOWN_TOKEN"}
