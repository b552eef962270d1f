"""The fast lane: verifications are answered before Flask builds a request, which costs more than the whole decision
(docs/decisions/0006). What is answered is the same, byte for byte, as through the view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from app.clock import Clock
from app.domain.identifiers import quick_text
from app.verification.answer import Answer
from app.verification.environ import call_of
from app.verification.schema import LARGEST_BODY
from app.verification.views import REQUEST_ID_LENGTH, Door

PATH = "/api/v1/verify"
REQUEST_ID = "X-Request-Id"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Lane:
    """Stands before the whole app, which is `behind` it. `headers` are what every answer of the API carries."""

    def __init__(self, behind: Wsgi, door: Door, clock: Clock, headers: Mapping[str, str]) -> None:
        self.behind = behind
        self._door = door
        self._clock = clock
        self._headers = (*headers.items(), ("Cache-Control", "no-store"))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a verification; hand on everything else."""
        if environ.get("PATH_INFO") != PATH or environ.get("REQUEST_METHOD") != "POST":
            return self.behind(environ, start_response)
        request_id = quick_text(REQUEST_ID_LENGTH)
        call = call_of(environ, self._door.trusted_proxies, self._clock, request_id, LARGEST_BODY + 1)
        answer = self._door.verifier.verify(call)
        start_response(_STATUS[answer.status], self._headers_of(answer, request_id))
        return (answer.body,)

    def _headers_of(self, answer: Answer, request_id: str) -> Sequence[tuple[str, str]]:
        return [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            (REQUEST_ID, request_id),
            *answer.headers.items(),
            *self._headers,
        ]
