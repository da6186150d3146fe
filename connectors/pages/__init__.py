"""Article pages: robots.txt, fetching, extraction of the text. Usable without the pipeline."""

from connectors.pages.extract import extract
from connectors.pages.fetcher import PageFetcher, shared_fetcher
from connectors.pages.page import ExtractionError, Page, PageProblem

__all__ = ["ExtractionError", "Page", "PageFetcher", "PageProblem", "extract", "shared_fetcher"]
