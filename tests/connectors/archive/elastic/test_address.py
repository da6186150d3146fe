import pytest

from connectors.archive.elastic.address import connection, parse_address
from connectors.archive.open import absolute_url, is_elastic
from connectors.archive.protocol import ArchiveError


@pytest.mark.parametrize(
    ("url", "full"),
    [
        ("https://a.example", "https://a.example/parley"),
        ("https://a.example:9200/", "https://a.example:9200/parley"),
        ("elasticsearch+https://a.example/press", "https://a.example/press"),
        ("http://127.0.0.1:9200/x_1-y", "http://127.0.0.1:9200/x_1-y"),
        ("https://a:9200,b:9243/press", "https://a:9200,b:9243/press"),
        ("HTTPS://a.example", "https://a.example/parley"),
        ("Elasticsearch+HTTP://a.example", "http://a.example/parley"),
    ],
)
def test_an_address_has_a_full_form_that_means_the_same(url: str, full: str) -> None:
    assert is_elastic(url)
    assert absolute_url(url) == full
    assert absolute_url(full) == full


def test_an_address_names_all_hosts() -> None:
    address = parse_address("https://a:9200,b:9243/press")
    assert address.hosts == ("https://a:9200", "https://b:9243")
    assert address.prefix == "press"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://me:secret@a.example", "ELASTICSEARCH_API_KEY"),
        ("https://elastic:se/cret@h:9200", "ELASTICSEARCH_API_KEY"),
        ("HTTPS://elastic:secret@h", "ELASTICSEARCH_API_KEY"),
        ("elastic:secret@h:9200", "names no archive"),
        ("https://a.example/Upper", "cannot begin"),
        ("https://a.example/one/two", "cannot begin"),
        ("https://a.example/-x", "cannot begin"),
        ("https://a.example/parley-claims", "shorter prefix"),
        ("https://a.example/x-dead-letters", "shorter prefix"),
        ("https://", "no address"),
        ("https://a.example,", "no address"),
    ],
)
def test_a_mistake_is_named_without_secrets(url: str, message: str) -> None:
    with pytest.raises(ArchiveError, match=message) as error:
        absolute_url(url)
    assert "cret" not in str(error.value)


def test_who_asks_is_in_the_environment() -> None:
    environment = {
        "ELASTICSEARCH_USERNAME": "me",
        "ELASTICSEARCH_CA_FILE": "ca.pem",
        "ELASTICSEARCH_FINGERPRINT": "ab" * 32,
    }
    options = connection(parse_address("https://a.example"), environment)
    assert options.username == "me"
    assert str(options.ca_file) == "ca.pem"
    assert options.fingerprint == "ab" * 32


def test_variables_that_contradict_each_other_are_named() -> None:
    environment = {"ELASTICSEARCH_USERNAME": "me", "ELASTICSEARCH_API_KEY_FILE": "key"}
    with pytest.raises(ArchiveError, match="not both"):
        connection(parse_address("https://a.example"), environment)
