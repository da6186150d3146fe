"""Copies are told from rewrites, updates and templates. All texts are invented."""

import pytest

from models.similarity import MOST, containment, copy_kind, shared, shingles, text_hash

LEAD = "At least six people were killed when a drone hit a bus in Sumy on Tuesday, police said."
TAIL = [
    "The bus was on its way to the market of a neighbouring village.",
    "Rescue workers brought eleven wounded to two hospitals in the city.",
    "The regional governor, Oleh Hryhorov, declared two days of mourning.",
    "Russia did not comment on the attack, which came hours before a meeting in Vienna.",
]
ORIGINAL = " ".join([LEAD, *TAIL])
CLOSING = " ".join(TAIL[1:3])


def test_same_text_is_an_exact_copy_whatever_its_case_spaces_and_quotes() -> None:
    assert copy_kind(ORIGINAL.upper().replace(" ", "\n "), ORIGINAL) == "exact"


@pytest.mark.parametrize("text", ["Tarsk frees trawler", "Velin’s envoy leaves the talks in Orsk"])
def test_short_text_is_a_copy_only_of_the_same_text(text: str) -> None:
    assert copy_kind("ORSK, May 3 (Reuters) - " + text.replace("’", "'"), text) == "exact"
    assert copy_kind(text + " again", text) is None


def test_words_of_page_furniture_hide_no_figure_that_moved() -> None:
    line = "Norway will sign up to pay 40 million dollars to the families of the dead."
    assert copy_kind(f"{ORIGINAL} {line}", f"{ORIGINAL} {line}") == "exact"
    assert copy_kind(f"{ORIGINAL} {line.replace('40', '60')}", f"{ORIGINAL} {line}") is None


@pytest.mark.parametrize(
    "dateline",
    ["SUMY, Ukraine, March 3 (Reuters) - ", "KYIV, May 21. /TASS/. ", "(AP) — ", "SUMY — "],
)
def test_dateline_makes_no_difference(dateline: str) -> None:
    assert text_hash(dateline + ORIGINAL) == text_hash(ORIGINAL)


def test_agency_credit_at_the_end_makes_no_difference() -> None:
    assert text_hash(ORIGINAL + "\nSource: Reuters") == text_hash(ORIGINAL)


@pytest.mark.parametrize(
    "staff",
    [
        " (Reporting by Ann Bell in Orsk; editing by Tom de Vries)",
        "\nReporting by Ann Bell in Orsk; Editing by Tom de Vries and J.-P. Marsh",
    ],
)
def test_names_of_staff_make_no_difference(staff: str) -> None:
    assert text_hash(ORIGINAL + staff) == text_hash(ORIGINAL)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Killed in the raid: (6).", "Killed in the raid: (9)."),
        ("Reporting by Axios says Iran will accept.", "Reporting by Axios says Iran will refuse."),
    ],
)
def test_what_only_looks_like_an_agencys_note_is_news(before: str, after: str) -> None:
    assert text_hash(f"{before}\n{ORIGINAL}") != text_hash(f"{after}\n{ORIGINAL}")


def test_trimmed_tail_and_a_local_sentence_leave_a_near_copy() -> None:
    local = "Two families of this town have relatives among the wounded."
    assert copy_kind(" ".join([LEAD, *TAIL[:2], local]), ORIGINAL) == "near"
    assert copy_kind(" ".join([LEAD, *TAIL[:3]]), ORIGINAL) == "near"


def test_edited_word_leaves_a_near_copy() -> None:
    assert copy_kind(ORIGINAL.replace("brought", "took"), ORIGINAL) == "near"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("six people", "nine people"),
        ("on Tuesday", "on Wednesday"),
        ("in Vienna", "in Geneva"),
        ("Russia did not comment on", "Russia commented on"),
        ("came hours before a meeting", "will come hours before a meeting"),
    ],
)
def test_update_that_moves_one_slot_is_no_copy(before: str, after: str) -> None:
    assert before in ORIGINAL
    assert copy_kind(ORIGINAL.replace(before, after), ORIGINAL) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hungary supports the plan", "Hungary opposes the plan"),
        ("Israeli forces withdrew from Rafah on Friday", "Israeli forces entered Rafah on Friday"),
        ("Iran will attend the talks", "Iran refuses to attend the talks"),
    ],
)
def test_reversal_is_no_copy(before: str, after: str) -> None:
    lead = f"{before}, officials of two countries said in a joint statement in Sumy. "
    assert copy_kind(lead.replace(before, after) + CLOSING, lead + CLOSING) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Ukraine struck a Russian oil refinery overnight, killing two people.",
            "Russia struck a Ukrainian oil refinery overnight, killing two people.",
        ),
        (
            "Russia rejected Ukraine's proposal for a 30-day truce on Monday in Istanbul.",
            "Ukraine rejected Russia's proposal for a 30-day truce on Monday in Istanbul.",
        ),
        (
            "Late on Monday President Putin called President Trump about the truce in Sumy.",
            "Late on Monday President Trump called President Putin about the truce in Sumy.",
        ),
    ],
)
def test_report_in_which_two_sides_changed_places_is_no_copy(one: str, other: str) -> None:
    assert copy_kind(f"{one} {CLOSING}", f"{other} {CLOSING}") is None
    assert copy_kind(f"{other} {CLOSING}", f"{one} {CLOSING}") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Kyiv said the drones had hit two Russian airfields near Kursk overnight.",
            "The drones, Kyiv said, had hit two Russian airfields near Kursk overnight.",
        ),
        (
            "Russia rejected Ukraine's proposal for a 30-day truce on Monday in Istanbul.",
            "Ukraine's proposal for a 30-day truce was rejected by Russia on Monday in Istanbul.",
        ),
        (
            "Envoys of Russia and Ukraine met behind closed doors in Istanbul on Monday.",
            "Envoys of Ukraine and Russia met behind closed doors in Istanbul on Monday.",
        ),
    ],
)
def test_rewording_that_leaves_each_side_its_part_is_a_near_copy(one: str, other: str) -> None:
    assert copy_kind(f"{one} {CLOSING}", f"{other} {CLOSING}") == "near"
    assert copy_kind(f"{other} {CLOSING}", f"{one} {CLOSING}") == "near"


def test_new_lead_over_the_old_text_is_no_copy() -> None:
    lead = "Ukraine's delegation left Vienna in protest at an attack on a bus, an aide said."
    assert copy_kind(" ".join([lead, *TAIL]), ORIGINAL) is None


def test_rewrite_in_other_words_is_no_copy() -> None:
    rewrite = (
        "Police in Sumy counted six dead on Tuesday after a bus was struck by a drone."
        " Passengers had been heading for a village market nearby."
        " Eleven people are being treated for injuries, and the governor announced mourning."
    )
    assert copy_kind(rewrite, ORIGINAL) is None


def test_market_reports_of_two_days_are_no_copies() -> None:
    template = (
        "Brent futures {} {} cents to ${} a barrel by 0900 GMT. Traders weighed the chances of"
        " a deal between Washington and Tehran against the threat to shipping in the Gulf."
        " A deal could bring back a million barrels a day, analysts said."
    )
    monday = template.format("rose", 41, "71.84")
    assert copy_kind(template.format("fell", 55, "71.17"), monday) is None
    assert copy_kind(template.format("fell", 41, "71.84"), monday) is None


def test_briefs_that_share_a_background_paragraph_are_no_copies() -> None:
    background = (
        "The two countries broke off relations five years ago after the seizure of a ferry,"
        " and talks under the mediation of Corvay have been suspended three times since."
    )
    one = "Tarsk freed a trawler on Monday. " + background
    other = "Velin recalled its consul from the islands. " + background
    assert copy_kind(one, other) is None


def test_text_without_words_is_no_copy_of_another() -> None:
    assert copy_kind("", "") is None
    assert copy_kind("—", "…") is None


def test_containment_of_a_part() -> None:
    whole, part = shingles(ORIGINAL), shingles(" ".join([LEAD, *TAIL[:2]]))
    assert containment(part, whole) == 1.0
    assert containment(whole, part) < 0.7
    assert containment(frozenset(), whole) == 0.0


def test_shingles_are_the_same_in_every_process() -> None:
    assert shingles("one two three four five") == {0x3E1DA6133E7D53E7}


def test_lone_surrogate_and_control_characters_are_survived() -> None:
    assert copy_kind("\ud800\x00 " + ORIGINAL, ORIGINAL) == "exact"


HOSTILE = ["\n", " ", ",", "- ", "A", "A ", "AB, ", "(", "[A", "KYIV, ", "9", "a.", "Editing by "]
PADDED = ["AB" + " " * 3000 + "\n", "AB," + " " * 3000 + "\n", "KYIV, March 3" + "\n" * 3000]


# A step that looked back over such texts would take hours, not seconds.
@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", HOSTILE + PADDED)
def test_monotonous_text_is_survived(unit: str) -> None:
    assert copy_kind(unit * (5_000_000 // len(unit)), ORIGINAL) is None
    assert copy_kind(ORIGINAL, ORIGINAL + unit * (5_000_000 // len(unit))) in ("exact", "near")


@pytest.mark.timeout(120)
def test_of_five_megabytes_only_the_first_part_counts() -> None:
    huge = "".join(f"Word{n} and word{n + 1} met envoy number {n} today. " for n in range(110_000))
    assert len(huge) > 5_000_000 > MOST
    assert copy_kind(huge, huge[: len(huge) // 2]) == "exact"
    assert copy_kind("x" * 5_000_000, huge) is None
    assert copy_kind(huge.replace("today", "yesterday"), huge) in (None, "near")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Iran rejected the offer.", "Iran accepted the offer."),
        ("It killed four people.", "It killed forty people."),
        ("“Hamas said no.”", "“Hamas said yes.”"),
        ("Iran will let inspectors in.", "Iran won't let inspectors in."),
    ],
)
def test_a_short_sentence_that_turns_makes_another_report(before: str, after: str) -> None:
    assert copy_kind(f"{ORIGINAL} {after}", f"{ORIGINAL} {before}") is None


def test_a_short_line_that_is_no_sentence_makes_no_difference() -> None:
    buttons = "Share this\nListen\nMore on Sumy"
    assert copy_kind(f"{LEAD}\n{buttons}\n{' '.join(TAIL)}", ORIGINAL) == "near"


@pytest.mark.parametrize(
    ("before", "after"),
    [("The loan is $5bn.", "The loan is €5bn."), ("It was up 5%.", "It was up 5.")],
)
def test_signs_of_money_and_share_count(before: str, after: str) -> None:
    assert text_hash(before) != text_hash(after)
    assert copy_kind(f"{ORIGINAL} {after}", f"{ORIGINAL} {before}") is None


def test_a_correction_below_what_it_corrects_leaves_a_near_copy() -> None:
    correction = "Correction: " + TAIL[3].replace("did not comment", "commented")
    assert copy_kind(f"{ORIGINAL} {correction}", ORIGINAL) == "near"
    assert copy_kind(ORIGINAL.replace(TAIL[3], correction), ORIGINAL) is None
    assert shared([correction], ORIGINAL) == [False]


def test_what_a_near_copy_adds_is_told_from_what_it_has_taken() -> None:
    taken = [
        "SUMY, March 3 (Reuters) - " + LEAD,
        TAIL[1].replace("brought", "took"),
        "(Reporting by Ann Bell in Orsk)",
        "Subscribe to our newsletter",
    ]
    added = [
        "Ukraine left the talks in protest.",
        "Correction: Russia did comment on the attack.",
        TAIL[1].replace("eleven", "twelve"),
    ]
    assert shared([*taken, *added], ORIGINAL) == [True] * 4 + [False] * 3
