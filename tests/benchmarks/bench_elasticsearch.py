"""What Elasticsearch costs: python -m tests.benchmarks.bench_elasticsearch [--claims N]

- The sink beside the client's own `parallel_bulk` (as many threads, batches as large, no retries
  of either needed), on the same documents, turn by turn, into a fresh index each time: documents a
  second of each, and their ratio.
- With one document in twenty that the mapping refuses, on a node with one writing thread and a
  queue of one: whether every document is written or in the failed output.
- Bytes of an article, a claim and an intake entry on disk, in indices as the archive makes them,
  after a flush.

Look-ups are measured by `bench_archive --archive URL`. Takes ELASTICSEARCH_URL where it is set,
and its own nodes else; every figure is of a machine that should do nothing else.
"""

import argparse
import random
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from connectors.archive.documents import KINDS
from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.elastic.names import Names
from connectors.elasticsearch import (
    BulkDocument,
    BulkOptions,
    ConnectionOptions,
    Failed,
    Written,
    connect,
    write,
)
from tests.benchmarks.bench_archive import CLAIMS_EACH, Newsroom, bulk
from tests.connectors.archive.samples import feed, intake
from tests.integration.elasticsearch.server import ALONE, OPEN, node, running

COUNT, TURNS, THREADS, BATCH = 20_000, 5, 4, 500
QUEUE = {"thread_pool.write.size": "1", "thread_pool.write.queue_size": "1"}
MAPPINGS = {
    "dynamic": False,
    "properties": {"number": {"type": "integer"}, "title": {"type": "text"}},
}


def bodies(count: int) -> list[dict[str, Any]]:
    """Of some 2 KB, half of it searched."""
    chance = random.Random(3)
    words = [f"word{number}" for number in range(5000)]
    return [
        {
            "number": number,
            "title": " ".join(chance.choices(words, k=110)),
            "text": " ".join(chance.choices(words, k=110)),
        }
        for number in range(count)
    ]


def by_sink(client: Elasticsearch, index: str, made: Sequence[dict[str, Any]]) -> int:
    options = BulkOptions(max_documents=BATCH, in_flight=THREADS)
    documents = (BulkDocument(index, str(n), body) for n, body in enumerate(made))
    return sum(isinstance(one, Written) for one in write(client, documents, options))


def by_helper(client: Elasticsearch, index: str, made: Sequence[dict[str, Any]]) -> int:
    actions = ({"_index": index, "_id": str(n), "_source": body} for n, body in enumerate(made))
    done = parallel_bulk(client, actions, thread_count=THREADS, chunk_size=BATCH)
    return sum(ok for ok, _ in done)


def compare(url: str) -> None:
    client, made = connect(ConnectionOptions(hosts=(url,))), bodies(COUNT)
    rates: dict[str, list[float]] = {"by_helper": [], "by_sink": []}
    for turn in range(TURNS + 1):
        pair: list[Callable[..., int]] = [by_helper, by_sink]
        for way in pair if turn % 2 else pair[::-1]:
            rate = rate_of(client, way, made)
            if turn:  # the first warms the server up
                rates[way.__name__].append(rate)
    helper, sink = (statistics.median(rates[name]) for name in ("by_helper", "by_sink"))
    ratios = [a / b for a, b in zip(rates["by_sink"], rates["by_helper"], strict=True)]
    print(f"{COUNT:,} documents, medians of {TURNS} turns")
    print(f"  parallel_bulk {helper:8.0f} documents/s    {shown(rates['by_helper'])}")
    print(f"  sink          {sink:8.0f} documents/s    {shown(rates['by_sink'])}")
    print(f"  ratio         {statistics.median(ratios):8.2f}")


def rate_of(
    client: Elasticsearch, way: Callable[..., int], made: Sequence[dict[str, Any]]
) -> float:
    index = f"bench-{uuid.uuid4().hex[:8]}"
    settings = {"number_of_replicas": 0}
    client.indices.create(index=index, mappings=MAPPINGS, settings=settings)
    started = time.perf_counter()
    assert way(client, index, made) == len(made)
    rate = len(made) / (time.perf_counter() - started)
    client.indices.delete(index=index)
    return rate


def shown(rates: Sequence[float]) -> str:
    return f"({', '.join(f'{rate:.0f}' for rate in rates)})"


def lose_nothing() -> None:
    """Five per cent bad documents, sixteen requests at once, a queue of one."""
    server = node(ALONE | OPEN | QUEUE).start()
    client, index = connect(ConnectionOptions(hosts=(server.url,))), "bench-mixed"
    client.indices.create(index=index, mappings=MAPPINGS, settings={"number_of_replicas": 0})
    made = bodies(COUNT)
    for body in made[::20]:
        body["number"] = "none"
    documents = (BulkDocument(index, str(n), body) for n, body in enumerate(made))
    options = BulkOptions(max_documents=50, in_flight=16)
    started = time.perf_counter()
    results = list(write(client, documents, options))
    rate = COUNT / (time.perf_counter() - started)
    ends = Counter(one.reason if isinstance(one, Failed) else "written" for one in results)
    rejections = client.nodes.stats(metric="thread_pool")["nodes"]
    refused = sum(one["thread_pool"]["write"]["rejected"] for one in rejections.values())
    client.indices.refresh(index=index)
    held = client.count(index=index)["count"]
    print(f"{COUNT:,} documents, 5 % of them bad, a queue of one, 16 requests at once")
    print(f"  {dict(ends)}, {held:,} in the index, {rate:.0f} documents/s")
    print(f"  the node put off {refused} writes; lost: {COUNT - len(results)}")
    server.remove()


def measure_bytes(url: str, claims: int) -> None:
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    archive = ElasticArchive(parse_address(f"{url}/{prefix}"))
    articles = list(islice(Newsroom().articles(), claims // CLAIMS_EACH))
    entries = [
        intake(one.id, article_id=one.article_id, title=one.title, content=one.text, summary="")
        for one, _ in articles
    ]
    for start in range(0, len(entries), BATCH):
        archive.admit(entries[start : start + BATCH], feed())
    bulk(archive, [one for one, _ in articles])
    bulk(archive, [one for _, some in articles for one in some])
    client, names = Elasticsearch(url, request_timeout=600), Names(prefix)
    print(f"{len(articles):,} articles of 100 to 900 words, {claims:,} claims of 25 words")
    client.indices.flush(index=names.all, ignore_unavailable=True, force=True)
    for name, index in (
        ("article", names.pattern("articles")),
        ("claim", names.pattern("claims")),
        ("intake entry", names.fixed("intake")),
    ):
        print(f"  {name:14} {size_of(client, index):8.0f} B")
    archive.close()
    for index in client.indices.get(index=names.all, ignore_unavailable=True):
        client.indices.delete(index=index)
    client.indices.delete_index_template(name=",".join(names.alias(kind) for kind in KINDS))


def size_of(client: Elasticsearch, index: str) -> float:
    """Bytes of a document on disk, without replicas."""
    total = client.indices.stats(index=index)["_all"]["primaries"]
    size: int = total["store"]["size_in_bytes"]
    count: int = total["docs"]["count"]
    return size / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=20_000)
    options = parser.parse_args()
    url = running()
    compare(url)
    measure_bytes(url, options.claims)
    lose_nothing()


if __name__ == "__main__":
    main()
