from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.elasticsearch import ConnectionOptions, Refused, connect

KEY = "aWQ6a2V5"


def options(**changes: object) -> ConnectionOptions:
    return ConnectionOptions(**({"hosts": ("https://a.example:9200",)} | changes))  # type: ignore[arg-type]


def authorization(made: ConnectionOptions, environment: dict[str, str]) -> str | None:
    return connect(made, environment)._headers.get("authorization")


def test_addresses_get_their_usual_port() -> None:
    hosts = ("https://a.example", "https://b.example:9243/elastic/", "https://[::1]:9200")
    assert options(hosts=hosts).hosts == (
        "https://a.example:443",
        "https://b.example:9243/elastic",
        "https://[::1]:9200",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hosts": ()}, "at least 1"),
        ({"hosts": ("a.example:9200",)}, "no address"),
        ({"hosts": ("ftp://a.example",)}, "no address"),
        ({"hosts": ("https://me:secret@a.example",)}, "credentials"),
        ({"hosts": ("elastic:secret@a.example:9200",)}, "credentials"),
        ({"hosts": ("https://a.example?x=1",)}, "nothing behind"),
        ({"hosts": ("https://a.example", "http://b.example")}, "all be https"),
        ({"fingerprint": "abc"}, "64 hexadecimal"),
        ({"password_file": "p"}, "no username"),
        ({"username": "me", "api_key_file": "k"}, "not both"),
        ({"request_timeout": 0}, "greater than 0"),
        ({"verify": False}, "Extra inputs"),
    ],
)
def test_a_mistake_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        options(**changes)


def test_options_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", KEY)
    assert KEY not in repr(options())


def test_the_api_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert authorization(options(), {"ELASTICSEARCH_API_KEY": KEY}) == f"ApiKey {KEY}"
    assert authorization(options(api_key_env="OTHER"), {"OTHER": KEY}) == f"ApiKey {KEY}"
    assert authorization(options(api_key_file=file), {}) == f"ApiKey {KEY}"
    assert authorization(options(), {}) is None


def test_a_password_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    named = options(username="me", password_file=file)
    by_variable = authorization(options(username="me"), {"ELASTICSEARCH_PASSWORD": "secret"})
    assert authorization(named, {}) == by_variable == "Basic bWU6c2VjcmV0"


@pytest.mark.parametrize(
    ("changes", "environment", "message"),
    [
        ({"username": "me"}, {"PASSWORD": "secret", "API_KEY": KEY}, "not both"),
        ({}, {"PASSWORD": "secret"}, "no username"),
        ({}, {"PASSWORD": "secret", "API_KEY": KEY}, "no username"),
    ],
)
def test_credentials_that_contradict_each_other_are_refused(
    changes: dict[str, object], environment: dict[str, str], message: str
) -> None:
    named = {f"ELASTICSEARCH_{name}": value for name, value in environment.items()}
    with pytest.raises(Refused, match=message) as error:
        connect(options(**changes), named)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "changes", [{"api_key_file": "none"}, {"username": "me"}, {"ca_file": "none.pem"}]
)
def test_what_is_named_but_not_there_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        connect(options(**changes), {})
