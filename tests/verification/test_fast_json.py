"""What is read fast is what is read carefully; everything else is left to the careful reader."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verification import fast_json, schema
from app.verification.problems import Malformed
from tests.verification.bodies import PLAIN, TOKEN, corpus
from tests.verification.test_anything import OBJECTS, mutations

QUESTION = {**PLAIN, "scopes": ["invoice:read"], "client_ip": "192.0.2.1", "method": "GET", "path": "/a", "cost": 1}
USUAL = json.dumps(QUESTION).encode()
# Small pieces of JSON in any order are wrong in more ways than anybody would think of.
PIECES = [b"{", b"}", b"[", b"]", b",", b":", b'"', b'"a"', b'"a":1', b'"b":"c"', b"1", b"-0", b"1.0", b"1e2", b"01"]
PIECES += [b"true", b"null", b"NaN", b" ", b"\t", b"\x0b", b"\x00", b"\x7f", b"\\", b"\\u0061", b"\xc3\xa9", b"\xff"]
SOUP = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
MEMBERS = st.lists(st.sampled_from([b'"a":1', b'"a":2', b'"b":["x"]', b'"c":"a"', b'"a":"b"', b'"d":[]']), max_size=4)
REPEATED = MEMBERS.map(lambda members: b"{" + b",".join(members) + b"}")


def carefully(raw: bytes) -> Any:
    try:
        return schema._carefully(raw)
    except Malformed:
        return Malformed


def assert_alike(raw: bytes) -> None:
    fast = fast_json.read(raw)
    if fast is None:
        return
    careful = carefully(raw)
    assert fast == careful, raw
    # 1 == True == 1.0 to Python, and to no caller.
    assert json.dumps(fast) == json.dumps(careful), raw


@given(SOUP | REPEATED | OBJECTS.map(json.dumps).map(str.encode) | mutations(USUAL) | st.binary(max_size=40))
@settings(max_examples=3000, deadline=None)
def test_whatever_is_read_fast_is_read_alike_carefully(raw: bytes) -> None:
    assert_alike(raw)


@pytest.mark.parametrize("raw", corpus().values(), ids=corpus())
def test_no_bad_body_is_read_otherwise(raw: bytes) -> None:
    assert_alike(raw)


@pytest.mark.parametrize("byte", range(256))
def test_every_byte_in_a_text_is_read_alike_or_left_alone(byte: int) -> None:
    assert_alike(b'{"token":"' + bytes([byte]) + b'","scopes":[]}')
    assert_alike(b'{"token":"x",' + bytes([byte]) + b'"scopes":[]}')


def test_what_callers_send_is_read_fast() -> None:
    assert fast_json.read(USUAL) == QUESTION
    assert fast_json.read(json.dumps({**QUESTION, "explain": True}, indent=2).encode()) is not None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"token":"x","token":"x","scopes":[]}',
        f'{{"token":"{TOKEN}","scopes":[],"token":"x"}}'.encode(),
        b'{"token":"x","scopes":[],"cost":1,"cost":2}',
        b'{"token":"x","scopes":["a:b"],"scopes":[]}',
    ],
)
def test_a_name_that_is_there_twice_is_noticed(raw: bytes) -> None:
    assert fast_json.read(raw) is None
    with pytest.raises(Malformed):
        schema.parse(raw)
