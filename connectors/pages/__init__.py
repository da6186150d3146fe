"""Article pages: robots.txt, fetching, extraction of the text. Usable without the pipeline."""

from connectors.pages.extract import extract
from connectors.pages.fetcher import PageFetcher
from connectors.pages.page import ExtractionError, Page, PageProblem

__all__ = ["ExtractionError", "Page", "PageFetcher", "PageProblem", "extract"]
