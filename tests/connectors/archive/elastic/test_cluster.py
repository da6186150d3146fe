"""What an answer of a multi-get means, and a question by words."""

import pytest

from connectors.archive.elastic.cluster import Incomplete, existing
from connectors.archive.elastic.search import terms

THERE = {"_id": "a", "found": True, "_source": {}}


def test_what_does_not_exist_is_left_out() -> None:
    no_index = {"_id": "b", "error": {"type": "index_not_found_exception", "reason": "no"}}
    assert existing([THERE, {"_id": "c", "found": False}, no_index]) == [THERE]


def test_a_shard_that_is_down_is_not_taken_for_absence() -> None:
    down = {"_id": "b", "error": {"type": "no_shard_available_action_exception", "reason": "down"}}
    with pytest.raises(Incomplete, match="down"):
        existing([THERE, down])


def test_words_become_clauses_once_each() -> None:
    found = [clause["multi_match"] for clause in terms('truce "thirty days" negot* truce ( *')]
    assert [(one["query"], one["type"]) for one in found] == [
        ("truce", "phrase"),
        ("thirty days", "phrase"),
        ("negot", "bool_prefix"),
    ]


def test_a_query_is_of_bounded_size() -> None:
    assert len(terms(" ".join(f"word{number}" for number in range(5000)))) == 200
