from connectors.web import by_turns


def turns(*urls: str | None) -> list[str | None]:
    return by_turns(urls, lambda url: url)


def test_hosts_take_turns() -> None:
    first = ["https://a.example/0", "https://a.example/1", "https://A.example/2"]
    assert turns(*first, "http://b.example/0") == [first[0], "http://b.example/0", *first[1:]]


def test_nothing_is_lost() -> None:
    odd = [None, "", "https://[broken", "https://a.example/"]
    assert sorted(turns(*odd), key=str) == sorted(odd, key=str)
    assert turns() == []
