from models.encoder.text import MAX_CHARACTERS, encodable


def test_plain_text_is_left_alone():
    for text in ("", "Talks resume.", "“Zürich” 和平 🕊", "a\x00b\nc"):
        assert encodable(text) == text


def test_lone_surrogates_are_replaced_and_pairs_joined():
    assert encodable("a\ud800b\udc00") == "a\ufffdb\ufffd"
    assert encodable("\ud83d\udd4a") == "\U0001f54a"
    assert encodable("a\ud800b").encode() == b"a\xef\xbf\xbdb"


def test_length_is_bounded():
    assert len(encodable("x" * 5_000_000)) == MAX_CHARACTERS
