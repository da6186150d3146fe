"""Telling what is certainly not English."""

import pytest

from pipeline.language import detect, unsupported


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "Die Unterhändler trafen sich am Dienstag im alten Zollhaus und sprachen über Brot.",
        ),
        (
            "fr",
            "Les négociateurs se sont retrouvés mardi dans la vieille douane pour parler du pont.",
        ),
        (
            "es",
            "Los negociadores se reunieron el martes en la vieja aduana para hablar del puente.",
        ),
        (
            "vi",
            "Các nhà đàm phán đã gặp nhau hôm thứ Ba tại tòa nhà hải quan cũ để đàm phán.",
        ),
        (
            "az",
            "Danışıqlar aparan tərəflər çərşənbə axşamı köhnə gömrük binasında görüşüb.",
        ),
        ("ru", "Переговорщики встретились"),
        ("ar", "التقى المفاوضون يوم الثلاثاء"),
        ("zh", "谈判代表星期二会面"),
    ],
)
def test_other_languages_are_told(language: str, text: str) -> None:
    assert detect(text)[0] == language
    assert unsupported(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "🕊️",
        "Iran: live",
        "Araghchi lands Muscat; Witkoff expected",
        "Macron, Merz, Meloni: sommet",
        "Negotiators met in the old customs house and agreed to keep the bridge open.",
        "The ministry said «Переговоры» was the word the minister had used, with a smile.",
    ],
)
def test_english_and_what_is_in_doubt_is_read(text: str) -> None:
    assert unsupported(text) is None
