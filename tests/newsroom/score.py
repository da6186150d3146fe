"""What a monitor made of the newsroom, held against the truth."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from connectors.archive.documents import Claim, Development, Intake
from connectors.archive.protocol import Archive
from tests.newsroom.model import Article
from tests.newsroom.truth import Judged, Sighting, Truth, article_at

Key = tuple[str, int]  # an article and its version


@dataclass(frozen=True, slots=True)
class Rates:
    """True positives, false positives and false negatives of one question."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.false, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f}"


@dataclass(frozen=True, slots=True)
class Score:
    """`dispositions` and `novelty` count (truth, observed); the rest are rates."""

    dispositions: Counter[tuple[str, str]]
    novelty: Counter[tuple[str, str]]
    copies: Rates
    developments: Rates
    extra_revisions: int

    def lines(self) -> Iterable[str]:
        right = sum(n for (truth, seen), n in self.dispositions.items() if truth == seen)
        yield f"dispositions right: {right} of {sum(self.dispositions.values())}"
        for (truth, seen), n in sorted(self.dispositions.items()):
            if truth != seen:
                yield f"  {n} × {truth} taken for {seen}"
        yield f"copies: {self.copies}"
        for novelty in ("new", "changed", "repeated"):
            yield f"claims {novelty}: {rates(self.novelty, novelty)}"
        for (truth, seen), n in sorted(self.novelty.items()):
            yield f"  {truth:>9} → {seen:<9} {n}"
        yield f"developments: {self.developments}"


def score(archive: Archive) -> Score:
    """Hold an archive that followed the whole coverage against the truth.

    The truth is computed for the order in which this monitor first saw things.
    """
    seen = observed(archive)
    truth = Truth.of(
        Sighting(article, version, entry.first_seen_at, entry.backlog)
        for (article, version), entry in seen.items()
    )
    judged = {(one.article.id, one.sighting.version): one for one in truth.judged}
    dispositions = Counter((judged[key].disposition, seen[key].disposition) for key in seen)
    return Score(
        dispositions=dispositions,
        novelty=_novelty(archive, judged, seen),
        copies=rates(dispositions, "copy"),
        developments=_developments(archive, truth, judged, seen),
        extra_revisions=sum(1 for _ in archive.entries()) - len(seen),
    )


def observed(archive: Archive) -> dict[Key, Intake]:
    """The first entry that the monitor saw of each version of each article."""
    seen: dict[Key, Intake] = {}
    for entry in archive.entries():
        article = article_at(entry.url or "")
        if article is not None:
            seen.setdefault((article.id, version_of(article, entry)), entry)
    return seen


def version_of(article: Article, entry: Intake) -> int:
    """Which version an entry shows, by its title and lead."""
    shown = f"{entry.summary} {entry.content}"
    fitting = [
        number
        for number, version in enumerate(article.versions)
        if version.title == entry.title and (not shown.strip() or version.lead in shown)
    ]
    titled = [n for n, version in enumerate(article.versions) if version.title == entry.title]
    return (fitting or titled or [0])[0]


def rates(confusion: Mapping[tuple[str, str], int], label: str) -> Rates:
    """How well one label was found, from counts of (truth, observed)."""
    hits = confusion.get((label, label), 0)
    return Rates(
        hits,
        sum(n for (truth, seen), n in confusion.items() if seen == label != truth),
        sum(n for (truth, seen), n in confusion.items() if truth == label != seen),
    )


def _novelty(
    archive: Archive, judged: Mapping[Key, Judged], seen: Mapping[Key, Intake]
) -> Counter[tuple[str, str]]:
    """(truth, observed) for every sentence of an article that both hold worth reading."""
    claims = {
        (claim.article_id, folded(claim.text)): claim.novelty
        for claim in cast("Iterable[Claim]", archive.export("claims"))
    }
    confusion: Counter[tuple[str, str]] = Counter()
    for key, one in judged.items():
        if one.disposition not in ("indexed", "updated"):
            continue
        for sentence in one.sentences:
            if not sentence.kept:
                found = claims.get((seen[key].article_id, folded(sentence.text)), "none")
                confusion[sentence.novelty, found] += 1
    return confusion


def _developments(
    archive: Archive, truth: Truth, judged: Mapping[Key, Judged], seen: Mapping[Key, Intake]
) -> Rates:
    """By article, dossier and sentence."""
    ids = {key[0]: seen[key].article_id for key in judged}
    expected = {(ids[one.article], one.dossier, folded(one.text)) for one in truth.developments()}
    announced = {
        (one.article_id, one.dossier, folded(one.text))
        for one in cast("Iterable[Development]", archive.export("developments"))
    }
    return Rates(len(expected & announced), len(announced - expected), len(expected - announced))


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()
