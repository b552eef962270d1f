"""The text that Prometheus reads (exposition format 0.0.4). No label ever names a token, a person or an address."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from app.store.queries.gauges import Gauges
from app.verification.measures import BOUNDS, Measured

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(measured: Sequence[Measured], gauges: Gauges) -> str:
    """Everything that is measured, one sample a line."""
    return "\n".join([*_verifications(measured), *_seconds(measured), *_gauges(gauges), ""])


def _verifications(measured: Iterable[Measured]) -> Iterator[str]:
    yield from _head("postern_verifications_total", "counter", "Verifications answered by this node, by code.")
    for one in measured:
        yield f'postern_verifications_total{{code="{one.code}"}} {sum(one.buckets)}'


def _seconds(measured: Sequence[Measured]) -> Iterator[str]:
    name = "postern_verification_seconds"
    yield from _head(name, "histogram", "How long this node took to answer verifications.")
    columns = zip(*(one.buckets for one in measured), strict=True)
    sums = list(accumulate(sum(column) for column in columns)) or [0] * (len(BOUNDS) + 1)
    for bound, reached in zip((*map(str, BOUNDS), "+Inf"), sums, strict=True):
        yield f'{name}_bucket{{le="{bound}"}} {reached}'
    yield f"{name}_sum {sum(one.seconds for one in measured):.6f}"
    yield f"{name}_count {sums[-1]}"


def _gauges(gauges: Gauges) -> Iterator[str]:
    pending, windows, dropped = gauges.approvals_pending, gauges.emergency_windows_open, gauges.usage_dropped
    yield from _one("postern_approvals_pending", "gauge", "Requests that wait for a decision.", pending)
    yield from _one("postern_emergency_windows_open", "gauge", "Tokens with emergency access now.", windows)
    yield from _one("postern_usage_dropped_total", "counter", "Verifications that no usage count has.", dropped)
    if gauges.seconds_to_expiry is not None:
        soonest = f"{gauges.seconds_to_expiry:.0f}"
        yield from _one("postern_token_expiry_seconds", "gauge", "Until the next active token expires.", soonest)


def _one(name: str, kind: str, says: str, value: object) -> Iterator[str]:
    yield from _head(name, kind, says)
    yield f"{name} {value}"


def _head(name: str, kind: str, says: str) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} {kind}"
