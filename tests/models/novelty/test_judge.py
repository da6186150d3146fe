"""The verdict on written sentences, without vectors: what words and slots alone decide."""

import numpy as np
import pytest

from models.novelty import NoveltyVerdict, Statement, judge

STRIKE = "At least six people were killed when a missile hit an apartment block in Kharkiv."
PLAN = "Special envoy Steve Witkoff will meet President Vladimir Putin in Moscow on Wednesday."
TRUCE = "The United States has proposed a 30-day ceasefire on land, at sea and in the air."
OIL = "Brent futures rose 12 cents to $71.84 a barrel after a quiet session in London."
EARLIER = [STRIKE, PLAN, TRUCE, OIL]


def verdict(text: str, *, is_claim: bool = True, earlier: list[str] = EARLIER) -> NoveltyVerdict:
    return judge(Statement(text), [Statement(one) for one in earlier], is_claim)


@pytest.mark.parametrize("place", range(len(EARLIER)))
def test_same_sentence_is_repeated_and_names_its_prior(place: int) -> None:
    found = verdict(EARLIER[place])
    assert (found.novelty, found.prior) == ("repeated", place)
    assert found.reason == "covered by an earlier sentence"


@pytest.mark.parametrize(
    ("text", "prior", "reason"),
    [
        (STRIKE.replace("six", "nine"), 0, "figure six → nine killed"),
        (PLAN.replace("Wednesday", "Friday"), 1, "date Wednesday → Friday"),
        (PLAN.replace("will meet", "met"), 1, "status will meet → met"),
        (PLAN.replace("Moscow", "Geneva"), 1, "in Moscow → Geneva"),
        (TRUCE.replace("30-day", "72-hour"), 2, "figure 30 day → 72 hour"),
        (OIL.replace("rose", "fell"), 3, "rose → fell"),
        (OIL.replace("71.84", "72.02"), 3, "figure $71.84 → $72.02"),
    ],
)
def test_conflict_in_one_slot_is_a_change(text: str, prior: int, reason: str) -> None:
    found = verdict(text)
    assert (found.novelty, found.prior, found.reason) == ("changed", prior, reason)


def test_called_off_is_a_change_of_status() -> None:
    text = "The meeting of envoy Steve Witkoff and Putin in Moscow on Wednesday was cancelled."
    assert verdict(text).reason == "status → cancelled"


@pytest.mark.parametrize(
    "end",
    [
        "failed",
        "collapsed",
        "fell through",
        "have fallen through",
        "fell apart after an hour",
        "broke down",
        "were broken off",
        "were called off",
        "were scrapped",
    ],
)
def test_plan_that_came_to_nothing_is_cancelled(end: str) -> None:
    earlier = ["Velin and Tarsk will hold talks on the port of Orsk on Monday."]
    found = verdict(f"The talks of Velin and Tarsk on the port of Orsk {end}.", earlier=earlier)
    assert (found.novelty, found.reason) == ("changed", "status → cancelled")


def test_plan_that_failed_in_may_is_cancelled() -> None:
    earlier = ["Velin and Tarsk will hold talks on the port of Orsk on 5 May."]
    text = "On 5 May talks collapsed of Velin and Tarsk on the port of Orsk."
    assert verdict(text, earlier=earlier).reason == "status → cancelled"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (STRIKE, "The apartment block in Kharkiv that a missile hit collapsed."),
        (
            "Two missiles hit the harbour of Orsk at dawn, the army of Velin said.",
            "The army of Velin failed to stop two missiles that hit the harbour of Orsk.",
        ),
    ],
)
def test_what_was_never_planned_is_not_cancelled_when_it_fails(earlier: str, later: str) -> None:
    assert not verdict(later, earlier=[earlier]).reason.startswith("status")


@pytest.mark.parametrize("end", ["were delayed", "were put off", "were postponed"])
def test_plan_that_waits_is_postponed(end: str) -> None:
    earlier = ["Velin and Tarsk will hold talks on the port of Orsk on Monday."]
    found = verdict(f"The talks of Velin and Tarsk on the port of Orsk {end}.", earlier=earlier)
    assert (found.novelty, found.reason) == ("changed", "status → postponed")


@pytest.mark.parametrize(
    "end", ["were not called off", "haven’t been cancelled", "could collapse", "have not begun"]
)
def test_what_is_not_so_or_only_may_be_is_no_change_of_status(end: str) -> None:
    earlier = ["Velin and Tarsk will begin talks on the port of Orsk on Monday."]
    found = verdict(f"The talks of Velin and Tarsk on the port of Orsk {end}.", earlier=earlier)
    assert not found.reason.startswith("status")


@pytest.mark.parametrize(
    ("not_so", "so"),
    [
        ("Velin will not withdraw from", "Velin will withdraw from"),
        ("Velin refused to open", "Velin agreed to open"),
    ],
)
def test_refusal_that_becomes_a_yes_is_a_change_and_so_is_the_reverse(not_so: str, so: str) -> None:
    rest = "the corridor along the border of Tarsk, its defence minister said."
    there = verdict(f"{so} {rest}", earlier=[f"{not_so} {rest}"])
    back = verdict(f"{not_so} {rest}", earlier=[f"{so} {rest}"])
    assert (there.novelty, there.reason) == ("changed", "denied → asserted")
    assert back.novelty == "changed"
    again = verdict(f"{so} {rest}", earlier=[f"{not_so} {rest}", f"{so} {rest}"])
    assert again.novelty == "repeated"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Velin imposed duties on Tarsk's grain", "prices fell in Orsk"),
        ("Velin released nine sailors of Tarsk", "the court of Orsk took up their case"),
    ],
)
def test_words_that_share_a_meaning_with_a_pole_are_no_pole(first: str, second: str) -> None:
    found = verdict(f"{second} as {first}.", earlier=[f"{first} as {second}."])
    assert "→" not in found.reason


def test_cause_is_no_plan() -> None:
    earlier = ["Power is out in Orsk due to raids launched overnight, the grid said."]
    text = "Power is out in Orsk after raids launched overnight, the grid said."
    assert verdict(text, earlier=earlier).novelty == "repeated"
    plan = ["Envoys of Velin and Tarsk are due to meet in Orsk, the mediator said."]
    text = "Envoys of Velin and Tarsk met in Orsk, the mediator said."
    assert verdict(text, earlier=plan).novelty == "changed"


def test_price_that_fell_through_a_mark_is_not_cancelled() -> None:
    found = verdict(OIL.replace("rose 12 cents to", "fell through"))
    assert found.reason == "rose → fell"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("10:30", "11:30", "time 10:30 → 11:30"),
        ("8 a.m.", "9 a.m.", "time 8 a.m. → 9 a.m."),
        ("10am", "10pm", "time 10am → 10pm"),
        ("0800 GMT", "0930 GMT", "time 0800 GMT → 0930 GMT"),
        ("10.30 a.m.", "11 a.m.", "time 10.30 a.m. → 11 a.m."),
    ],
)
def test_other_time_of_day_is_a_change_of_time(before: str, after: str, reason: str) -> None:
    plan = "The prisoners will cross the bridge at Orsk at {} on Monday."
    found = verdict(plan.format(after), earlier=[plan.format(before)])
    assert (found.novelty, found.reason) == ("changed", reason)


def test_same_time_of_day_written_otherwise_is_no_change() -> None:
    plan = "The prisoners will cross the bridge at Orsk at {} on Monday."
    found = verdict(plan.format("10.30 a.m."), earlier=[plan.format("10:30")])
    assert found.novelty == "repeated"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("supports", "opposes", "supports → opposes"),
        ("supports", "rejects", "supports → rejects"),
        ("backed", "opposed", "backed → opposed"),
        ("opposes", "favours", "opposes → favours"),
        ("opposes", "favors", "opposes → favors"),
    ],
)
def test_other_stand_is_a_change(before: str, after: str, reason: str) -> None:
    text = "Hungary {} the European Union's plan to use frozen Russian assets."
    found = verdict(text.format(after), earlier=[text.format(before)])
    assert (found.novelty, found.reason) == ("changed", reason)


@pytest.mark.parametrize(
    ("move", "reason"),
    [("entered", "withdrew → entered"), ("advanced into", "withdrew → advanced")],
)
def test_other_way_of_troops_is_a_change(move: str, reason: str) -> None:
    earlier = ["Israeli forces withdrew from Rafah on Friday."]
    found = verdict(f"Israeli forces {move} Rafah on Friday.", earlier=earlier)
    assert (found.novelty, found.reason) == ("changed", reason)


@pytest.mark.parametrize("start", ["refuses to", "is refusing to", "declines to", "rejects to"])
def test_what_was_planned_and_is_refused_is_denied(start: str) -> None:
    text = "Iran will attend the talks in Muscat on Friday."
    found = verdict(text.replace("will", start), earlier=[text])
    assert (found.novelty, found.reason) == ("changed", "asserted → denied")


@pytest.mark.parametrize("end", ["to $71.84", "to about $71.84"])
def test_price_that_declined_to_a_mark_is_not_denied(end: str) -> None:
    earlier = ["Brent futures slipped to $71.84 a barrel in London."]
    found = verdict(f"Brent futures declined {end} a barrel in London.", earlier=earlier)
    assert found.novelty == "repeated"


@pytest.mark.parametrize("start", ["did not attack", "didn’t attack", "denied it attacked"])
def test_what_was_said_and_is_denied_is_a_change(start: str) -> None:
    text = "Velin attacked the convoy of 12 trucks near the port of Orsk."
    found = verdict(text.replace("attacked", start), earlier=[text])
    assert found.reason == "asserted → denied"


REJECTED = "Russia rejected Ukraine's proposal for a 30-day truce on Monday in Istanbul."
REVERSED = "Ukraine rejected Russia's proposal for a 30-day truce on Monday in Istanbul."


def test_two_sides_that_changed_places_are_a_change() -> None:
    found = verdict(REVERSED, earlier=[REJECTED])
    assert (found.novelty, found.reason) == ("changed", "roles Russia ↔ Ukraine")


def test_two_sides_in_the_places_that_another_sentence_gave_are_no_change() -> None:
    text = REVERSED.replace("rejected", "turned down")
    assert verdict(text, earlier=[REJECTED, REVERSED]).novelty == "repeated"


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine's proposal for a 30-day truce was rejected by Russia on Monday in Istanbul.",
        "Kyiv's proposal for a 30-day truce was, on Monday in Istanbul, rejected by Moscow.",
    ],
)
def test_passive_that_leaves_each_side_its_part_is_no_change(text: str) -> None:
    assert verdict(text, earlier=[REJECTED]).novelty == "repeated"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Envoys of Velin and Tarsk met in Orsk.", "Envoys of Tarsk and Velin met in Orsk."),
        ("Velin freed the Tarsk crew, Orsk said.", "Orsk said Velin freed the Tarsk crew."),
    ],
)
def test_names_in_another_order_are_no_change(one: str, other: str) -> None:
    assert verdict(one, earlier=[other]).novelty == "repeated"


def test_equal_value_in_other_words_is_no_change() -> None:
    text = "Washington has proposed a ceasefire of a month on land, at sea and in the air."
    assert verdict(text).novelty == "repeated"


def test_value_that_another_sentence_gave_is_no_change() -> None:
    earlier = [STRIKE, STRIKE.replace("six", "nine")]
    assert verdict(STRIKE.replace("six", "nine"), earlier=earlier).novelty == "repeated"


TWO_DAYS = [
    "Brent rose 2 percent in London on Monday.",
    "Brent fell 2 percent in London on Monday.",
]


@pytest.mark.parametrize("place", range(2))
def test_sentence_that_stands_there_is_repeated_though_another_contradicts_it(place: int) -> None:
    found = verdict(TWO_DAYS[place], earlier=TWO_DAYS)
    assert (found.novelty, found.prior) == ("repeated", place)


def test_direction_that_a_sentence_as_near_gave_is_no_change() -> None:
    text = TWO_DAYS[0].replace("rose", "climbed")
    assert verdict(text, earlier=TWO_DAYS).novelty == "repeated"


@pytest.mark.parametrize("count", [1, 8])
def test_same_words_are_found_among_many_with_other_figures(count: int) -> None:
    others = [f"Orsk port handled {30 + n} ships last week." for n in range(count)]
    text = "Orsk port handled 12 ships last week."
    found = verdict(text, earlier=[*others, text])
    assert (found.novelty, found.prior) == ("repeated", count)


@pytest.mark.parametrize(
    "text",
    [
        "VELIN’S ENVOY SAID “THE TRUCE HOLDS” FOR 30 DAYS IN ORSK.",
        'Velin\'s envoy said "the truce holds" for 30 days in Orsk.',
        "Velin’s  envoy said\n“the truce holds”\u00a0for 30 days in Orsk. ",
    ],
)
def test_case_spaces_and_form_of_quotes_make_no_other_words(text: str) -> None:
    same = "Velin’s envoy said “the truce holds” for 30 days in Orsk."
    found = verdict(text, earlier=[same.replace("30", "20"), same])
    assert (found.novelty, found.prior, found.score) == ("repeated", 1, 1.0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Monday", "Tuesday"),
        ("3 April", "4 April"),
        ("Monday, 3 April", "Tuesday, 4 April"),
        ("Monday at 10:30", "Monday at 11:45"),
    ],
)
def test_day_and_time_of_the_statement_are_no_change(before: str, after: str) -> None:
    said = "Tehran will attend the talks in Muscat, Araqchi said on {}."
    assert verdict(said.format(after), earlier=[said.format(before)]).novelty == "repeated"


def test_several_sentences_may_cover_one() -> None:
    earlier = ["Hungary threatened to block the sanctions.", "Slovakia has doubts on sanctions."]
    text = "Hungary threatened to block the sanctions and Slovakia has doubts."
    found = verdict(text, earlier=earlier)
    assert found.novelty == "repeated"
    assert found.reason == "covered by earlier sentences"


def test_unmatched_claim_is_new_and_has_no_prior() -> None:
    found = verdict("Turkey offered to inspect grain cargoes in the Bosphorus.")
    assert (found.novelty, found.prior) == ("new", None)
    assert found.reason == "no earlier sentence like it"


def test_unmatched_sentence_that_is_no_claim_is_none() -> None:
    assert verdict("It had been a long winter.", is_claim=False).novelty == "none"


def test_moved_price_is_a_change_though_no_claim() -> None:
    assert verdict(OIL.replace("12", "40"), is_claim=False).novelty == "changed"


@pytest.mark.parametrize(
    "text",
    [
        "Please enable JavaScript in your browser settings.",
        "Subscribe to our newsletter",
        "said on Monday.",
        "",
        "…",
    ],
)
def test_page_furniture_and_empty_fragments_are_none_even_when_seen_before(text: str) -> None:
    assert verdict(text, earlier=[*EARLIER, text]).novelty == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Norway will sign up to the guarantees for the port of Orsk.",
        "Velin agreed to sign in Muscat the protocol on prisoners.",
        "Video released by the army shows the destroyed bridge in Orsk.",
        "Photo evidence shows that Velin moved its missiles to the coast.",
        "Watch groups counted 40 violations of the truce on Sunday.",
        "Both sides would follow our proposal, the Omani minister said.",
        "The fund approved Tarsk's subscription of 40 million dollars.",
        "Hackers took a cookie file from the defence ministry of Velin.",
        "State television broke off live coverage of the parade in Orsk.",
        "Velin may read more into the offer than Tarsk meant, envoys said.",
        "The treaty's terms of use of the port allow Tarsk 12 ships a day.",
        "A newsletter of the militia claimed the attack on the port.",
    ],
)
def test_report_that_says_words_of_page_furniture_is_news(text: str) -> None:
    assert verdict(text).novelty == "new"


@pytest.mark.parametrize(
    "text",
    [
        "Sign up for our daily newsletter on the war.",
        "To get the news first, subscribe now.",
        "Read more: Six killed in Kharkiv",
        "Follow our live coverage of the talks in Muscat.",
        "We use cookies to improve this site.",
        "Watch: The moment a missile hit an apartment block in Kharkiv",
        "Photo: Jo Doe/Getty Images",
        "File photo of President Vladimir Putin in Moscow.",
        "Terms of use apply.",
    ],
)
def test_what_speaks_to_the_reader_is_none(text: str) -> None:
    assert verdict(text).novelty == "none"


def test_words_of_page_furniture_make_none_of_what_is_no_claim_anyway() -> None:
    text = "The Orsk Courier newsletter, written with care."
    assert verdict(text, is_claim=False, earlier=[text]).novelty == "none"


def test_question_is_none() -> None:
    assert verdict("What will Putin do now?", is_claim=False).novelty == "none"


def test_nothing_earlier_makes_every_claim_new() -> None:
    assert verdict(STRIKE, earlier=[]).novelty == "new"


def test_vectors_bring_paraphrases_together() -> None:
    text = "A rocket struck a residential building, leaving half a dozen dead in Kharkiv."
    vector = np.ones(4, dtype=np.float32) / 2
    without = judge(Statement(text), [Statement(STRIKE)], True)
    together = judge(Statement(text, vector), [Statement(STRIKE, vector)], True)
    assert together.score > without.score


def test_verdict_does_not_depend_on_the_order_of_what_is_known() -> None:
    text = STRIKE.replace("six", "nine")
    assert verdict(text).reason == verdict(text, earlier=EARLIER[::-1]).reason


def test_link_targets_are_not_read() -> None:
    text = TRUCE.replace("ceasefire", "[ceasefire](https://example.org/2026/03/05/9-killed.html)")
    assert verdict(text).novelty == "repeated"


KILLED = "{} people were killed and {} wounded in the raid on Orsk."


def test_killed_and_wounded_are_not_compared_with_each_other() -> None:
    found = verdict(KILLED.format("Nine", "six"), earlier=[KILLED.format("Six", "nine")])
    assert (found.novelty, found.reason) == ("changed", "figure Six → Nine killed")


def test_toll_that_only_the_wounded_had_is_unknown() -> None:
    raid = "{} people were {} in the raid on Orsk."
    earlier = [raid.format("Six", "killed"), raid.format("Nine", "wounded")]
    found = verdict(raid.format("Nine", "killed"), earlier=earlier)
    assert (found.novelty, found.reason) == ("changed", "figure Six → Nine killed")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("One person was", "Four people were", "figure One → Four killed"),
        ("Six people were", "No one was", "figure Six → No one killed"),
        ("Six people were", "Nobody was", "figure Six → Nobody killed"),
        ("Nobody was", "Seven people were", "figure Nobody → Seven killed"),
        ("Dozens of people were", "Hundreds of people were", "figure Dozens → Hundreds killed"),
        ("Dozens of people were", "More than 100 people were", "figure Dozens → 100 killed"),
    ],
)
def test_first_deaths_and_rough_tolls_are_figures(before: str, after: str, reason: str) -> None:
    raid = "{} killed in the raid on the port of Orsk, officials said."
    found = verdict(raid.format(after), earlier=[raid.format(before)])
    assert (found.novelty, found.reason) == ("changed", reason)


def test_toll_told_in_few_of_the_same_words_is_the_same_figure() -> None:
    earlier = ["It was another such strike on Orsk, and at least 87 people have died."]
    text = "With the latest attack on Orsk the death toll rises to 91, rescuers think this summer."
    assert verdict(text, earlier=earlier).reason == "figure 87 → 91 death"


def test_rough_toll_of_the_same_size_is_no_change() -> None:
    raid = "{} people were killed in the raid on the port of Orsk, officials said."
    found = verdict(raid.format("Dozens of"), earlier=[raid.format("At least 45")])
    assert found.novelty == "repeated"


def test_day_of_another_matter_makes_no_known_day() -> None:
    meet = "The envoys of Velin will meet in Orsk on {}."
    other = "The council of Orsk votes on Thursday."
    found = verdict(meet.format("Thursday"), earlier=[meet.format("Tuesday"), other])
    assert (found.novelty, found.reason) == ("changed", "date Tuesday → Thursday")


def test_day_that_other_words_gave_is_known() -> None:
    meet = "The envoys of Velin will meet in Orsk on {}."
    earlier = [meet.format("Tuesday"), "In Orsk on Thursday the envoys of Velin are to meet again."]
    assert verdict(meet.format("Thursday"), earlier=earlier).novelty == "repeated"


def test_prior_of_a_repetition_has_its_figures() -> None:
    earlier = [
        "Six people were killed in the raid on the camp of Orsk, health officials said.",
        "Nine people were killed when Velin raided the camp of Orsk, a hospital said.",
    ]
    text = earlier[0].replace("Six", "Nine")
    found = verdict(text, earlier=earlier)
    assert (found.novelty, found.prior) == ("repeated", 1)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("in July", "in September", "date July → September"),
        ("in May", "in June", "date May → June"),
        ("today", "tomorrow", "date today → tomorrow"),
        ("tomorrow", "next week", "date tomorrow → next week"),
        ("this week", "next week", "date this week → next week"),
        ("on 2026-05-05", "on 2026-05-12", "date 2026-05-05 → 2026-05-12"),
        ("at midnight", "at noon", "time midnight → noon"),
    ],
)
def test_other_month_or_later_week_is_a_change_of_date(
    before: str, after: str, reason: str
) -> None:
    meet = "The envoys of Velin and Tarsk will meet in Orsk {}."
    found = verdict(meet.format(after), earlier=[meet.format(before)])
    assert (found.novelty, found.reason) == ("changed", reason)


@pytest.mark.parametrize(
    ("before", "after"), [("next week", "this week"), ("tomorrow", "today"), ("today", "this week")]
)
def test_day_that_came_nearer_is_no_change(before: str, after: str) -> None:
    meet = "The envoys of Velin and Tarsk will meet in Orsk {}."
    assert verdict(meet.format(after), earlier=[meet.format(before)]).novelty == "repeated"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one hundred and twenty", "120"),
        ("a quarter of a million", "250,000"),
        ("$5 billion to $6 billion for", "$5-6 billion for"),
        ("20 to 30 percent of", "20-30% of"),
    ],
)
def test_equal_figures_in_figures_and_words_are_no_change(before: str, after: str) -> None:
    text = "Velin asked for {} drones from the depots of Tarsk."
    assert verdict(text.format(after), earlier=[text.format(before)]).novelty == "repeated"


def test_same_sum_in_another_currency_is_a_change() -> None:
    text = "The union will give Tarsk a loan of {}90 billion."
    found = verdict(text.format("€"), earlier=[text.format("$")])
    assert (found.novelty, found.reason) == ("changed", "figure $90 billion → €90 billion")


def test_what_a_sum_comes_to_in_another_currency_is_no_change() -> None:
    text = "The union will give Tarsk a loan of {} billion."
    found = verdict(text.format("€90"), earlier=[text.format("$105")])
    assert found.novelty != "changed"


def test_later_round_of_talks_is_a_change_only_of_the_same_sentence() -> None:
    text = "Velin and Tarsk held a {} round of talks in Orsk."
    found = verdict(text.format("third"), earlier=[text.format("second")])
    assert (found.novelty, found.reason) == ("changed", "figure second → third")
    text = "A third round of talks was proposed by Velin."
    earlier = ["The second round of talks of Velin and Tarsk in Orsk ended in tears after an hour."]
    assert verdict(text, earlier=earlier).novelty != "changed"


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        ("Iran", "Russia", "says it supports the plan"),
        ("Witkoff", "Kushner", "will travel to Orsk next week for talks with Putin"),
        ("Velin's minister", "Tarsk's minister", "said on Monday that his country backs the plan"),
        ("Velin", "Tarsk", "closed its border with Orsk"),
        ("Envoy Jo Velin", "Envoy Al Tarsk", "met the premier of Orsk on Saturday"),
    ],
)
def test_same_act_of_another_actor_is_a_change(before: str, after: str, rest: str) -> None:
    found = verdict(f"{after} {rest}.", earlier=[f"{before} {rest}."])
    assert found.novelty == "changed"
    stood, came = (one.removesuffix("'s minister").split()[-1] for one in (before, after))
    assert found.reason == f"actor {stood} → {came}"
    known = verdict(f"{after} {rest} now.", earlier=[f"{before} {rest}.", f"{after} {rest}."])
    assert known.novelty == "repeated"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Velin said six people died", "Tarsk said six people died"),
        ("In Velin, envoys met the premier", "In Tarsk, envoys met the premier"),
        ("Fifth fleet ships left", "Sixth fleet ships left"),
        ("Trump said he would wait", "The US president said he would wait"),
        ("Araghchi said he would wait", "Iran's foreign minister said he would wait"),
    ],
)
def test_who_reports_where_or_by_another_name_is_no_other_actor(before: str, after: str) -> None:
    rest = "near the port of Orsk on Saturday night."
    found = verdict(f"{after} {rest}", earlier=[f"{before} {rest}"])
    assert not found.reason.startswith("actor")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("denied", "confirmed"),
        ("denies", "admits"),
        ("allowed", "barred"),
        ("allowed", "banned"),
        ("approved", "blocked"),
        ("increased", "reduced"),
        ("acquitted", "convicted"),
    ],
)
def test_other_pole_of_a_verb_is_a_change(before: str, after: str) -> None:
    text = "Tarsk {} the raids on the harbour of Orsk."
    for one, other in ((before, after), (after, before)):
        found = verdict(text.format(other), earlier=[text.format(one)])
        assert (found.novelty, found.reason) == ("changed", f"{one} → {other}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("direct", "indirect"),
        ("permanent", "temporary"),
        ("likely", "unlikely"),
    ],
)
def test_other_pole_of_a_quality_is_a_change(before: str, after: str) -> None:
    text = "Velin and Tarsk called the ceasefire talks in Orsk {}."
    found = verdict(text.format(after), earlier=[text.format(before)])
    assert (found.novelty, found.reason) == ("changed", f"{before} → {after}")


def test_who_was_alive_and_is_dead_is_a_change() -> None:
    text = "The missing pilot of Velin was found {}."
    assert verdict(text.format("dead"), earlier=[text.format("alive")]).reason == "alive → dead"


def test_truce_that_was_extended_and_has_ended_is_a_change() -> None:
    text = "Velin {} the truce with Tarsk in Orsk."
    found = verdict(text.format("ended"), earlier=[text.format("extended")])
    assert found.reason == "extended → ended"


def test_director_is_not_direct() -> None:
    text = "The director of the port of Orsk called the talks indirect."
    found = verdict(f"Again {text}", earlier=["The talks are indirect: " + text])
    assert "→" not in found.reason


def test_words_of_denial_cover_nothing() -> None:
    found = verdict(
        "Talks of Velin and Tarsk ended with agreement.",
        earlier=["Talks of Velin and Tarsk ended without agreement."],
    )
    assert (found.novelty, found.reason) == ("changed", "denied → asserted")


SUMMIT = "The summit of Velin and Tarsk in Orsk was {}, the premier said."


@pytest.mark.parametrize(
    ("before", "after"), [("postponed", "cancelled"), ("called off", "put off")]
)
def test_postponed_and_cancelled_are_not_the_same(before: str, after: str) -> None:
    found = verdict(SUMMIT.format(after), earlier=[SUMMIT.format(before)])
    assert found.novelty == "changed"
    assert found.reason.startswith("status → ")
    again = [SUMMIT.format(before), SUMMIT.format(after)]
    assert verdict(SUMMIT.format(after) + " Now.", earlier=again).novelty == "repeated"


def test_other_talks_that_were_cancelled_make_no_known_end_of_these() -> None:
    earlier = [SUMMIT.replace("was {}", "will begin on Monday"), "A match in Orsk was cancelled."]
    assert verdict(SUMMIT.format("cancelled"), earlier=earlier).reason == "status → cancelled"


@pytest.mark.parametrize("word", ["may", "might", "could"])
def test_what_was_possible_and_is_done_is_a_change(word: str) -> None:
    text = "Tarsk {} the latest proposal for a truce in Orsk."
    found = verdict(text.format("has accepted"), earlier=[text.format(f"{word} accept")])
    assert (found.novelty, found.reason) == ("changed", "status may accept → accepted")
    back = verdict(text.format(f"{word} accept"), earlier=[text.format("has accepted")])
    assert not back.reason.startswith("status")


def test_others_who_met_make_no_known_meeting() -> None:
    text = "The foreign ministers of Velin and Tarsk {} in Orsk on Friday."
    earlier = [text.format("will meet"), "Delegations met in Orsk."]
    assert verdict(text.format("met"), earlier=earlier).reason == "status will meet → met"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tarsk has accepted", "Tarsk has yet to accept"),
        ("The raid killed", "The raid failed to kill"),
        ("The courier says Velin has accepted", "The courier retracted that Velin has accepted"),
        (
            "The courier reported that Tarsk has accepted",
            "The courier has withdrawn its report that Tarsk has accepted",
        ),
    ],
)
def test_what_is_not_yet_so_failed_or_was_taken_back_is_denied(before: str, after: str) -> None:
    rest = "the captain of the guard in the port of Orsk."
    found = verdict(f"{after} {rest}", earlier=[f"{before} {rest}"])
    assert (found.novelty, found.reason) == ("changed", "asserted → denied")


def test_withdrawn_troops_are_no_denial() -> None:
    text = "Velin {} its troops from the port of Orsk."
    found = verdict(text.format("pulled out"), earlier=[text.format("withdrew")])
    assert found.novelty == "repeated"


@pytest.mark.parametrize("verb", ["met", "spoke to"])
def test_sides_of_a_meeting_may_stand_in_either_order(verb: str) -> None:
    text = "{} {} {} in the port of Orsk on Monday evening."
    found = verdict(
        text.format("Velin", verb, "Tarsk"), earlier=[text.format("Tarsk", verb, "Velin")]
    )
    assert found.novelty == "repeated"


def test_sentence_too_long_to_be_read_is_not_repeated_by_its_beginning() -> None:
    start = "Velin and Tarsk agreed on a date for talks in Orsk, " * 40
    end = "but on 5 May Tarsk withdrew from the deal."
    assert verdict(start + end, earlier=[start.rstrip(", ") + "."]).novelty == "new"
    assert verdict(start + end, earlier=[start + end]).novelty == "repeated"
