"""What every archive must do. An implementation passes it by one class and two fixtures:

    class TestSqliteArchive(ArchiveContract):
        @pytest.fixture
        def reopen(self, tmp_path) -> Iterator[Callable[[], Archive]]:
            '''A function that opens the same archive once more, as another process would;
            what it opened is closed at the end of the test.'''

        @pytest.fixture
        def archive(self, reopen) -> Archive:
            '''An archive with nothing in it, of its own for each test.'''

Searched methods are only asked after `refresh()`, and nothing here relies on transactions.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.archive.protocol import Archive, ArchiveBusy
from tests.connectors.archive.contract_documents import DocumentsContract
from tests.connectors.archive.contract_intake import IntakeContract
from tests.connectors.archive.contract_memory import MemoryContract
from tests.connectors.archive.contract_search import SearchContract
from tests.connectors.archive.samples import LAST, START, article, at, claim, feed, intake, unit

TERM = timedelta(minutes=10)


class ArchiveContract(IntakeContract, DocumentsContract, MemoryContract, SearchContract):
    """All of it. `archive` and `reopen` are for the implementation to provide."""

    def test_the_lease_is_refused_to_a_second_run_naming_the_first(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        with archive.lease("run one", START, TERM), pytest.raises(ArchiveBusy) as refused:
            reopen().lease("run two", at(1), TERM)
        assert "run one" in refused.value.holder
        assert "run one" in str(refused.value)

    def test_a_refused_run_leaves_the_lease_with_its_holder(self, archive: Archive) -> None:
        with archive.lease("run one", START, TERM):
            for _ in range(2):
                with pytest.raises(ArchiveBusy, match="run one"):
                    archive.lease("run two", at(1), TERM)

    def test_a_lease_that_was_released_is_free(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        with archive.lease("run one", START, TERM):
            pass
        with reopen().lease("run two", at(1), TERM), pytest.raises(ArchiveBusy, match="run two"):
            archive.lease("run three", at(2), TERM)

    def test_a_lease_is_released_by_an_error_too(self, archive: Archive) -> None:
        with pytest.raises(ZeroDivisionError), archive.lease("run one", START, TERM):
            raise ZeroDivisionError
        with archive.lease("run two", at(1), TERM):
            pass

    def test_a_renewed_lease_lasts_beyond_its_first_term(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        with archive.lease("run one", START, TERM) as lease:
            for minute in (8, 16, 24):
                lease.renew(at(minute))
            with pytest.raises(ArchiveBusy, match="run one"):
                reopen().lease("run two", at(30), TERM)

    def test_of_racing_runs_one_gets_the_lease(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        others = [archive, *(reopen() for _ in range(3))]

        def take(number: int) -> object:
            try:
                return others[number].lease(f"run {number}", START, TERM)
            except ArchiveBusy as busy:
                return busy

        with ThreadPoolExecutor(len(others)) as pool:
            outcomes = list(pool.map(take, range(len(others))))
        leases = [one for one in outcomes if not isinstance(one, ArchiveBusy)]
        assert len(leases) == 1
        leases[0].__exit__(None, None, None)  # type: ignore[attr-defined]

    def test_everything_is_there_when_opened_again(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        entry = intake("a")
        archive.admit([entry], feed())
        archive.write([article("a"), claim("c", vector=unit(0, 1))])
        archive.dossier_since("ukraine", START)
        archive.close()
        again = reopen()
        again.refresh()
        assert list(again.pending()) == [entry]
        assert again.feeds() == {"wire": feed()}
        assert again.dossier_since("ukraine", at(60)) == START
        assert again.get("articles", ["a"]) == {"a": article("a")}
        near = again.neighbours("claims", unit(0, 1), 1, before=LAST, since=START)
        assert [n.document.id for n in near] == ["c"]
