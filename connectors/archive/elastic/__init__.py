"""The archive in Elasticsearch: for clusters, Kibana and alert rules."""

from connectors.archive.elastic.address import Address, parse_address
from connectors.archive.elastic.store import ElasticArchive

__all__ = ["Address", "ElasticArchive", "parse_address"]
