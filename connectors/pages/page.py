"""What comes of asking for an article's page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its page has it; `text` is paragraphs, one a line.

    `url` is where the page was found after redirects, `canonical_url` what it calls itself where
    that is believable.
    """

    url: str
    canonical_url: str | None
    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Why there is no page. `reason` is one of a small set (README.md); `detail` is for people."""

    reason: str
    transient: bool
    detail: str


class ExtractionError(Exception):
    """A page has no article that can be read.

    `reason` is `too_short`, `too_complex` or `unreadable`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
