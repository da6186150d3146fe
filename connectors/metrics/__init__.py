"""A scrape endpoint with a health check beside it."""

from connectors.metrics.server import Health, MetricsServer

__all__ = ["Health", "MetricsServer"]
