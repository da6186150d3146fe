"""The coverage as it is written in coverage/*.yaml, composed into articles."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any

import yaml

from tests.newsroom.compose import arrange, choose_background, dateline, wire_copy
from tests.newsroom.model import (
    Article,
    Claim,
    Coverage,
    Fault,
    Feed,
    Held,
    Paragraphs,
    Publisher,
    Sentence,
    Version,
)
from tests.newsroom.slots import moment

_FOLDER = Path(__file__).parent / "coverage"
_DOSSIERS = ("ukraine", "iran", "gaza")
_BACKGROUND = 4  # sentences, one less where there is a single claim
Raw = Mapping[str, Any]


@cache
def coverage() -> Coverage:
    """The whole coverage. Raises ValueError or KeyError where a file contradicts itself."""
    house = _read("publishers")
    publishers = {raw["id"]: Publisher(**raw) for raw in house["publishers"]}
    claims: dict[str, Claim] = {}
    articles: dict[str, Article] = {}
    for dossier in _DOSSIERS:
        _add_dossier(dossier, publishers, claims, articles)
    for raw in chain(_read("other")["articles"], _read("foreign")["articles"]):
        _add(articles, _whole(raw, publishers[raw["by"]], claims))
    return Coverage(publishers, tuple(_feed(raw) for raw in house["feeds"]), claims, articles)


def _read(name: str) -> Any:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def _add(articles: dict[str, Article], article: Article) -> None:
    if article.id in articles:
        raise ValueError(f"two articles are called {article.id}")
    articles[article.id] = article


def _feed(raw: Raw) -> Feed:
    faults = tuple(
        Fault(fault["kind"], moment(fault["from"]), moment(fault["to"]))
        for fault in raw.get("faults", ())
    )
    return Feed(**{**raw, "faults": faults})


def _add_dossier(
    dossier: str,
    publishers: Mapping[str, Publisher],
    claims: dict[str, Claim],
    articles: dict[str, Article],
) -> None:
    written = _read(dossier)
    uses = Counter(dict.fromkeys(written["background"], 0))
    for event in written["events"]:
        own = {
            name: _claim(name, raw, dossier, event["id"]) for name, raw in event["claims"].items()
        }
        if doubled := own.keys() & claims.keys():
            raise ValueError(f"two claims are called {doubled}")
        claims |= own
        desk = _Desk(dossier, event["id"], uses, claims, publishers)
        for article in desk.articles(event["reports"]):
            _add(articles, article)


def _claim(name: str, raw: Raw, dossier: str, event: str) -> Claim:
    return Claim(
        id=name,
        dossier=dossier,
        event=event,
        chain=raw.get("chain", name),
        value=str(raw.get("value", name)),
        topics=tuple(raw["topics"]),
        outlook=raw.get("outlook", "neutral"),
        positions=tuple(Held(*words.split()) for words in raw.get("positions", ())),
        denies=raw.get("denies"),
        wordings=tuple(raw["said"]),
    )


class _Desk:
    """Writes the reports on one event; no two of them share a background sentence unless copied."""

    def __init__(
        self,
        dossier: str,
        event: str,
        background: Counter[str],
        claims: Mapping[str, Claim],
        publishers: Mapping[str, Publisher],
    ) -> None:
        self._dossier = dossier
        self._event = event
        self._background = background
        self._claims = claims
        self._publishers = publishers
        self._taken: set[str] = set()
        self._written: dict[str, Article] = {}

    def articles(self, reports: list[Raw]) -> Iterator[Article]:
        for raw in reports:
            article_id = self._free_id(raw["by"])
            self._written[article_id] = self._report(article_id, raw)
        return iter(self._written.values())

    def _free_id(self, publisher: str) -> str:
        names = (f"{self._event}-{publisher}{suffix or ''}" for suffix in count())
        return next(name for name in names if name not in self._written)

    def _report(self, article_id: str, raw: Raw) -> Article:
        copied = self._copied(raw)
        edits = raw.get("edits", ())
        first = self._copy(raw, copied) if copied else self._compose(article_id, raw)
        versions = [Version(moment(raw["at"]), raw["title"], first)]
        versions += [self._edit(edit, raw, first) for edit in edits]
        return Article(
            id=article_id,
            publisher=raw["by"],
            dossiers=(self._dossier,),
            event=self._event,
            kind="wire copy" if copied else raw.get("kind", "original"),
            language="en",
            versions=tuple(versions),
            source=copied.id if copied else None,
            page=raw.get("page", "paywall" if raw.get("paywall") else "ok"),
            summary=raw.get("summary", True),
            bad_date=raw.get("date"),
        )

    def _copied(self, raw: Raw) -> Article | None:
        if "copy" not in raw:
            return None
        names = (name for name in self._written if self._written[name].publisher == raw["copy"])
        *_, latest = names
        return self._written[latest]

    def _copy(self, raw: Raw, copied: Article) -> Paragraphs:
        agency = self._publishers[copied.publisher]
        paragraphs = copied.versions[0].paragraphs
        return wire_copy(paragraphs, agency, raw.get("trim", 0), raw.get("add"))

    def _compose(self, article_id: str, raw: Raw) -> Paragraphs:
        said = [_sentence(reference, self._claims) for reference in raw["says"]]
        wanted = raw.get("background", _BACKGROUND - (len(said) < 2))
        filler = choose_background(article_id, self._background, wanted, self._taken)
        paragraphs = arrange(article_id, said, filler)
        publisher = self._publishers[raw["by"]]
        return dateline(paragraphs, publisher) if publisher.kind == "agency" else paragraphs

    def _edit(self, edit: Raw, raw: Raw, first: Paragraphs) -> Version:
        """The same text with claims put in the place of those that no longer hold."""
        before = [_sentence(reference, self._claims) for reference in raw["says"]]
        after = [_sentence(reference, self._claims) for reference in edit["says"]]
        swaps = list(zip(before, after, strict=True))
        paragraphs = tuple(tuple(_swapped(part, swaps) for part in group) for group in first)
        return Version(moment(edit["at"]), edit.get("title", raw["title"]), paragraphs)


def _swapped(part: Sentence, swaps: Sequence[tuple[Sentence, Sentence]]) -> Sentence:
    for before, after in swaps:
        if part.claim == before.claim and part.claim:
            return Sentence(part.text.replace(before.text, after.text), after.claim)
    return part


def _whole(raw: Raw, publisher: Publisher, claims: Mapping[str, Claim]) -> Article:
    """An article written in one piece, outside the chains of events."""
    return Article(
        id=raw["id"],
        publisher=raw["by"],
        dossiers=tuple(raw.get("dossiers", ())),
        event=None,
        kind=raw["kind"],
        language=raw.get("language", publisher.language),
        versions=(Version(moment(raw["at"]), raw["title"], _paragraphs(raw, claims)),),
        page=raw.get("page", "ok"),
        summary=raw.get("summary", True),
        bad_date=raw.get("date"),
    )


def _paragraphs(raw: Raw, claims: Mapping[str, Claim]) -> Paragraphs:
    """Either `text` as it stands, or claims that were told before with a background of its own."""
    if "says" in raw:
        said = [_sentence(reference, claims) for reference in raw["says"]]
        return arrange(raw["id"], said, [Sentence(text) for text in raw["background"]])
    parts = raw["text"].strip().split("\n\n")
    return tuple((Sentence(" ".join(part.split())),) for part in parts)


def _sentence(reference: str, claims: Mapping[str, Claim]) -> Sentence:
    """`name.2` is the second wording of a claim; anything with a space is itself."""
    if " " in reference:
        return Sentence(reference)
    name, _, wording = reference.rpartition(".")
    return Sentence(claims[name].wordings[int(wording) - 1], claims[name])
