"""What workers count of verifications, each for itself, and any of them tells for all."""

import multiprocessing
from pathlib import Path

from app.verification import measures
from app.verification.measures import Measured, Measures


def count_and_die(folder: Path, times: int) -> None:
    mine = Measures(folder)
    mine.share()
    for _ in range(times):
        mine.observe("VALID", 0.002)


def test_any_worker_tells_the_sum_of_all_and_of_those_that_are_gone(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    for times in (3, 4):
        worker = spawning.Process(target=count_and_die, args=(tmp_path, times))
        worker.start()
        worker.join()
        assert worker.exitcode == 0
    first, second = Measures(tmp_path), Measures(tmp_path)
    first.share()
    second.share()
    first.observe("VALID", 0.002)
    second.observe("DISABLED", 30.0)

    in_third, open_ended = measures.BOUNDS.index(0.0025), len(measures.BOUNDS)
    assert first.total() == second.total()
    assert first.total() == [
        Measured("VALID", tuple(8 if place == in_third else 0 for place in range(open_ended + 1)), 0.016),
        Measured("DISABLED", tuple(int(place == open_ended) for place in range(open_ended + 1)), 30.0),
    ]
    assert len(list(tmp_path.iterdir())) == 2, "the file of a worker that is gone is used again"
    first.close()
    second.close()


def test_what_another_version_counted_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(b"of another layout")
    mine = Measures(tmp_path)

    mine.share()

    assert mine.total() == []
    mine.observe("VALID", 0.1)
    assert [one.code for one in mine.total()] == ["VALID"]
    mine.close()
