"""Bodies that are no question, by what is wrong with them: TRAPS 3.1 and SPEC 12."""

import json
from typing import Any

TOKEN = "pst_" + "0" * 49
PLAIN: dict[str, Any] = {"token": TOKEN, "scopes": []}


def with_field(name: str, value: Any) -> bytes:
    """The plain body with one field changed, or without it where the value is `...`."""
    body = {**PLAIN, name: value}
    if value is ...:
        del body[name]
    return json.dumps(body).encode()


NO_OBJECT: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \n\t ",
    "null": b"null",
    "a list": b"[]",
    "a list of questions": f"[{json.dumps(PLAIN)}]".encode(),
    "a text": b'"text"',
    "a number": b"5",
    "true": b"true",
    "half an object": b'{"token":',
    "an object and a half": json.dumps(PLAIN).encode() + b"}",
    "two objects": json.dumps(PLAIN).encode() * 2,
    "a comment": b'{"token": "x", "scopes": [] /* any */}',
    "single quotes": b"{'token': 'x', 'scopes': []}",
    "a trailing comma": b'{"token": "x", "scopes": [],}',
    "a form": b"token=x&scopes=",
    "nested lists": b"[" * 8000,
    "nested objects": b'{"a":' * 1600,
    "nested lists in a field": b'{"token": "x", "scopes": ' + b"[" * 4000 + b"]" * 4000 + b"}",
    "UTF-16": json.dumps(PLAIN).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(PLAIN).encode(),
    "bad UTF-8": b'{"token": "\xff", "scopes": []}',
    "overlong UTF-8": b'{"token": "\xc0\xaf", "scopes": []}',
    "an encoded surrogate": b'{"token": "\xed\xa0\x80", "scopes": []}',
    "a raw line break in a text": b'{"token": "a\nb", "scopes": []}',
    "compressed": bytes.fromhex("1f8b08000000000000ff"),
    "a NUL": b"\x00",
}
AMBIGUOUS: dict[str, bytes] = {
    "the same token twice": b'{"token": "x", "token": "x", "scopes": []}',
    "a good token, then a bad one": f'{{"token": "{TOKEN}", "token": "x", "scopes": []}}'.encode(),
    "the same name, spelt differently": b'{"token": "x", "\\u0074oken": "y", "scopes": []}',
    "a duplicate further in": b'{"token": "x", "scopes": [{"a": 1, "a": 2}]}',
    "an unknown field": with_field("valid", True),
    "a field that sounds helpful": with_field("bypass", True),
    "a field in capitals": with_field("Scopes", []),
    "a field without a name": with_field("", 1),
    "a field of Python's": with_field("__class__", "x"),
    "a field named by a surrogate": b'{"token": "x", "scopes": [], "\\ud800": 1}',
    "a prototype": with_field("__proto__", {}),
    "NaN": b'{"token": "x", "scopes": [], "cost": NaN}',
    "Infinity": b'{"token": "x", "scopes": [], "cost": Infinity}',
    "-Infinity": b'{"token": "x", "scopes": [], "cost": -Infinity}',
    "NaN in a field that is not known": b'{"token": "x", "scopes": [], "x": NaN}',
    "a lone surrogate in the token": b'{"token": "\\ud800", "scopes": []}',
    "a lone surrogate in the path": b'{"token": "x", "method": "GET", "path": "/\\udfff"}',
    "a surrogate pair the wrong way round": b'{"token": "\\udc00\\ud800", "scopes": []}',
}
SAYS_TOO_LITTLE: dict[str, bytes] = {
    "an empty object": b"{}",
    "no token": with_field("token", ...),
    "nothing that is wanted": with_field("scopes", ...),
    "a method without a path": json.dumps({"token": TOKEN, "method": "GET"}).encode(),
    "a path without a method": json.dumps({"token": TOKEN, "path": "/"}).encode(),
    "scopes, and a method without a path": with_field("method", "GET"),
    "scopes, and a path without a method": with_field("path", "/"),
}
FIELDS: dict[str, list[Any]] = {
    "token": [None, 5, True, 1.5, [], [TOKEN], {}, {"token": TOKEN}, "x" * 513],
    "scopes": [
        *(None, "invoice:read", 5, True, {}, {"invoice:read": True}, [None], [1], [True], [[]], [{}]),
        *([""], ["*"], ["invoice"], ["invoice:"], [":read"], ["invoice:*"], ["*:read"], ["Invoice:read"]),
        *(["invoice:Read"], ["invoice:read."], [" invoice:read"], ["invoice:read\n"], ["invoice:read:all"]),
        *(["invoice.read"], ["1invoice:read"], ["_invoice:read"], ["invoice-line:read"], ["inv\u043eice:read"]),
        *(["invoice:read", None], ["invoice:read,payout:create"], ["invoice:read payout:create"], ["\ud800:a"]),
        [f"scope:a{number}" for number in range(21)],
        ["invoice:read"] * 21,
    ],
    "client_ip": [
        *(None, 5, True, [], {}, "", " ", "unknown", "localhost", "example.com", "1.2.3.4:80", "127.1", "0x7f.1"),
        *("010.0.0.1", "1.2.3.4/32", "1.2.3.4 ", "2130706433", 2130706433, "fe80::1%eth0", "[::1]", "[::1]:80"),
        *("::1/128", "1.2.3.256", "1.2.3.4, 5.6.7.8", "1.2.3.4\n", "\u0661.2.3.4", "1.2.3.4\x00", "\ud800", "1" * 7000),
    ],
    "cost": [None, "1", "", True, False, -1, 101, 1.0, 0.5, 1e2, [], {}, 10**30, -(10**30)],
    "explain": [None, 0, 1, "true", "", [], {}],
}
METHODS: list[Any] = [None, 5, True, [], {}, "", "get", "Get", "TRACE", "CONNECT", "*", "GET ", "PROPFIND", "\uff27ET"]
PATHS: list[Any] = [None, 5, True, [], {}, "", "api", "api/x", "*", "/a?b", "/a#b", "?", "#", "http://host/a", "\\a"]
HUGE_NUMBERS: dict[str, bytes] = {
    "more digits than Python converts": b'{"token": "x", "scopes": [], "cost": ' + b"1" * 5000 + b"}",
    "an exponent beyond all floats": b'{"token": "x", "scopes": [], "cost": 1e999}',
    "the same below zero": b'{"token": "x", "scopes": [], "cost": -1e999}',
}


def corpus() -> dict[str, bytes]:
    """Every body that is no question, by a name that says why."""
    request = {"method": "GET", "path": "/"}
    return {
        **NO_OBJECT,
        **AMBIGUOUS,
        **SAYS_TOO_LITTLE,
        **HUGE_NUMBERS,
        **{f"{name} is {value!r:.60}": with_field(name, value) for name, values in FIELDS.items() for value in values},
        **{f"method is {value!r}": json.dumps({**PLAIN, **request, "method": value}).encode() for value in METHODS},
        **{f"path is {value!r}": json.dumps({**PLAIN, **request, "path": value}).encode() for value in PATHS},
    }
