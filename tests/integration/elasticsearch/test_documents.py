"""The page on running it agrees with the roles, variables and names of the code."""

import json
import re

from connectors.archive.documents import KINDS
from connectors.archive.elastic.address import VARIABLES
from connectors.archive.elastic.names import FIXED, Names
from connectors.archive.elastic.schema import OLDEST
from connectors.elasticsearch import ConnectionOptions
from tests.integration.elasticsearch.secured import ROLES

PAGE = (ROLES.parent / "README.md").read_text()


def test_every_role_is_described_and_there() -> None:
    files = {path.stem for path in ROLES.glob("*.json")}
    assert files == set(re.findall(r"^\| `(parley_\w+)` \|", PAGE, re.MULTILINE))
    for path in ROLES.glob("*.json"):
        assert json.loads(path.read_text())["indices"][0]["names"] == ["parley-*"]


def test_every_variable_is_described() -> None:
    fields = ConnectionOptions.model_fields
    named = {*VARIABLES.values(), fields["api_key_env"].default, fields["password_env"].default}
    assert named == set(re.findall(r"`(ELASTICSEARCH_\w+)`", PAGE))


def test_every_index_and_alias_is_described() -> None:
    names = Names("parley")
    for name in [*map(names.fixed, FIXED), *map(names.alias, KINDS)]:
        assert f"`{name}`" in PAGE


def test_the_oldest_version_is_named() -> None:
    assert f"Elasticsearch {'.'.join(map(str, OLDEST))} or newer" in PAGE
