"""Bulk writing to Elasticsearch where nothing is lost. See README.md.

The Beam transform is in `connectors.elasticsearch.beam`, so that the rest needs no Beam.
"""

from connectors.elasticsearch.bulk import write
from connectors.elasticsearch.client import connect
from connectors.elasticsearch.documents import BulkDocument, Failed, Written
from connectors.elasticsearch.errors import ConnectorError, Refused
from connectors.elasticsearch.options import BulkOptions, ConnectionOptions, Retries

__all__ = [
    "BulkDocument",
    "BulkOptions",
    "ConnectionOptions",
    "ConnectorError",
    "Failed",
    "Refused",
    "Retries",
    "Written",
    "connect",
    "write",
]
