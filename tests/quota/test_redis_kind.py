"""Postern does not start on a Redis that it cannot count in, and says why."""

import pytest

from app.quota import redis_kind
from app.quota.redis_kind import CLUSTER, REPLICA, fault
from tests.real.postern import free_port
from tests.real.redis_server import redis_of_our_own


def test_a_single_redis_will_do(redis_url: str) -> None:
    assert fault(redis_url) is None


def test_one_that_does_not_answer_is_waited_for() -> None:
    assert fault("redis://127.0.0.1:1/0") is None


def test_a_cluster_is_refused(redis_instance: str) -> None:
    # Its nodes speak to one another 10,000 above, where outgoing connections must not have taken the port.
    with redis_of_our_own("--port", str(free_port(below=22_700)), "--cluster-enabled", "yes") as cluster:
        assert fault(cluster.url) == CLUSTER


def test_a_replica_is_refused(redis_instance: str) -> None:
    with redis_of_our_own("--replicaof", "127.0.0.1", "1") as replica:
        assert fault(replica.url) == REPLICA


def test_an_old_one_is_refused(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_kind, "OLDEST", (99, 0))
    found = fault(redis_url)
    assert found is not None
    assert "6.2 or newer" in found
