"""Answers to calls that lead to no decision: problem documents (RFC 9457) with `code` and `request_id`."""

from collections.abc import Mapping

from app.verification.answer import Answer, encoded

PROBLEM_TYPE = "application/problem+json"
TITLES = {
    400: "This request could not be read",
    401: "The key was not accepted",
    403: "The key may not ask this",
    413: "This is too much at once",
    415: "This kind of content is not read here",
    429: "The key asks too often",
    503: "Postern cannot decide now",
}


class Problem(Exception):
    """The call is answered with an error. `detail` is for whoever writes the caller; it never repeats what was sent."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})

    def answer(self, request_id: str) -> Answer:
        """As bytes."""
        document = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        return Answer(self.status, encoded(document), PROBLEM_TYPE, self.headers, self.code)


class Malformed(Problem):
    """The body is not a question."""

    def __init__(self, detail: str) -> None:
        super().__init__(400, "malformed", detail)


def cannot_decide() -> Problem:
    """Something that the answer needs is not there: a caller takes this as a refusal."""
    detail = "Postern cannot decide now. Treat this as a refusal and ask again in a moment."
    return Problem(503, "unavailable", detail, {"Retry-After": "1"})


def cannot_count() -> Problem:
    """The token has a rate limit, and the counters do not answer: a limit that goes away on its own would be none."""
    detail = "Postern cannot count this use now. Treat this as a refusal and ask again in a moment."
    return Problem(503, "limiter_unavailable", detail, {"Retry-After": "1"})
