"""Making and checking the templates and indices of an archive."""

from collections.abc import Iterator
from typing import Any

from elasticsearch import ApiError

from connectors.archive.elastic import mappings
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.protocol import ArchiveError, ArchiveSchemaError, ArchiveUnavailable

OLDEST = (8, 15)


def is_set_up(cluster: Cluster) -> bool:
    """Whether the archive is there, in the schema that this version reads.

    Raises:
        ArchiveSchemaError: a server that is too old, something else under these names, or a
            newer schema.
    """
    if cluster.version < OLDEST:
        raise ArchiveSchemaError(f"{cluster} is Elasticsearch {_text(cluster.version)}; {_NEEDED}")
    found = cluster.call(
        lambda: cluster.client.indices.get_mapping(
            index=cluster.names.all, ignore_unavailable=True, allow_no_indices=True
        )
    )
    for index, known in found.items():
        _check(cluster, index, known["mappings"].get("_meta", {}))
    return all(index in found for index in mappings.fixed(cluster.names))


def check_templates(cluster: Cluster) -> None:
    """Months to come are made by the templates: without them Elasticsearch would guess mappings.

    Raises:
        ArchiveSchemaError: some are missing, or of another version of Parley.
    """
    if stale := _stale_templates(cluster):
        raise ArchiveSchemaError(
            f"{cluster}: index templates are missing or of another version of Parley: "
            f"{', '.join(stale)}; run `parley setup`"
        )


def set_up(cluster: Cluster) -> list[str]:
    """Make what is missing and renew templates; the names of what was made or renewed.

    Raises:
        ArchiveError: the account may not.
        ArchiveSchemaError: as `is_set_up`.
    """
    is_set_up(cluster)
    try:
        return [*_templates(cluster), *_indices(cluster)]
    except ArchiveUnavailable as error:
        if isinstance(error.__cause__, ApiError) and error.__cause__.meta.status == 403:
            raise ArchiveError(
                f"{cluster} is not set up, and this account may not do it. Run `parley setup` once "
                f"with the role parley_setup (deploy/elasticsearch). {error}"
            ) from error
        raise


def problems(cluster: Cluster) -> list[str]:
    """What `set_up` would make or renew, without doing it; empty where all is well."""
    is_set_up(cluster)
    return [*_stale_templates(cluster), *_missing_indices(cluster)]


def _templates(cluster: Cluster) -> Iterator[str]:
    stale = _stale_templates(cluster)
    for name, body in mappings.templates(cluster.names).items():
        if name in stale:
            cluster.call(
                lambda name=name, body=body: cluster.client.indices.put_index_template(  # type: ignore[misc]
                    name=name,
                    index_patterns=body["index_patterns"],
                    priority=body["priority"],
                    template=body["template"],
                    meta=body["_meta"],
                )
            )
            yield name


def _indices(cluster: Cluster) -> Iterator[str]:
    wanted = mappings.fixed(cluster.names)
    for name in _missing_indices(cluster):
        if _create(cluster, name, wanted[name]):
            yield name


def _create(cluster: Cluster, name: str, body: dict[str, Any]) -> bool:
    """False where another process was faster, or an attempt that seemed lost was not."""
    try:
        cluster.call(
            lambda: cluster.client.indices.create(
                index=name, settings=body["settings"], mappings=body["mappings"]
            )
        )
    except ApiError as error:
        if error.error != "resource_already_exists_exception":
            raise
        return False
    return True


def _stale_templates(cluster: Cluster) -> list[str]:
    wanted = mappings.templates(cluster.names)
    pattern = f"{cluster.names.prefix}-*"
    client = cluster.client.options(ignore_status=404)  # there is none
    answer = cluster.call(lambda: client.indices.get_index_template(name=pattern))
    found = {one["name"]: one["index_template"] for one in answer["index_templates"]}
    return [n for n, body in wanted.items() if found.get(n, {}).get("_meta") != body["_meta"]]


def _missing_indices(cluster: Cluster) -> list[str]:
    return [
        name
        for name in mappings.fixed(cluster.names)
        if not cluster.call(lambda name=name: cluster.client.indices.exists(index=name))  # type: ignore[misc]
    ]


def _check(cluster: Cluster, index: str, meta: dict[str, Any]) -> None:
    if meta.get("product") != mappings.PRODUCT:
        raise ArchiveSchemaError(
            f"{cluster}: {index} is no index of a Parley archive, or was made without its "
            "template; delete it, or use another prefix"
        )
    schema = meta.get("schema", 0)
    if schema != mappings.SCHEMA:
        newer = schema > mappings.SCHEMA
        way = "Install a newer Parley." if newer else "Begin another one, with another prefix."
        raise ArchiveSchemaError(
            f"{cluster}: {index} has schema {schema}; this version of Parley reads "
            f"{mappings.SCHEMA}. {way}"
        )


def _text(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


_NEEDED = f"{_text(OLDEST)} or newer is needed"
