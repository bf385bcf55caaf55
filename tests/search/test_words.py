"""Words and questions: whatever stands in a text is found by typing it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from playground.search.asked import asked
from playground.search.words import LONGEST_WORD, MOST_WORDS, STRETCHES, fact_word, place_words, plain, words_of

TEXTS = st.lists(st.text(max_size=60), max_size=5)


def asked_words(text):
    return {word for term in asked(text).terms for word in term.words}


def is_found(text, question):
    """Whether every word the question asks for is among the words of the text."""
    words = set(words_of([text]))
    return all(
        any(word.startswith(wanted) for word in words) if term.begins else wanted in words
        for term in asked(question).terms
        for wanted in term.words
    )


def test_alphabets_become_words_and_chinese_becomes_characters_and_pairs():
    assert words_of(["The get_exchange_rate of 紫薇花, GPT4模型"]) == [
        "the", "get", "exchange", "rate", "of", "紫", "薇", "花", "紫薇", "薇花", "gpt4", "模", "型", "模型",
    ]  # fmt: skip


def test_wide_letters_and_capitals_are_the_same_as_plain_ones():
    assert words_of(["ＧＰＴ Straße İ"]) == words_of(["gpt straße i\u0307"])


def test_a_text_of_any_length_has_a_bounded_number_of_words_of_bounded_length():
    words = words_of([" ".join(str(number) for number in range(10_000)), "x" * 10_000])

    assert len(words) == MOST_WORDS
    assert words_of(["x" * 10_000]) == ["x" * LONGEST_WORD]


@given(TEXTS)
def test_words_hold_nothing_that_postgres_reads_as_more_than_a_word(texts):
    assert all(re.fullmatch(r"[^\s':\\\0]{1,32}", word) for word in words_of(texts))


@given(st.text(max_size=200))
def test_a_text_is_found_by_each_stretch_of_it(text):
    for stretch in STRETCHES.findall(plain(text)):
        assert is_found(text, "".join(stretch))


@given(st.text(alphabet="紫薇花与星河的 ,。a", max_size=40), st.data())
def test_chinese_is_found_by_any_two_characters_that_stand_together(text, data):
    together = [
        text[at : at + 2] for at in range(len(text) - 1) if re.fullmatch(r"[紫薇花与星河的]{2}", text[at : at + 2])
    ]
    if together:
        assert is_found(text, data.draw(st.sampled_from(together)))


@given(st.text(max_size=2000))
def test_no_question_is_an_error_and_none_can_break_out_of_its_quotes(question):
    tsquery = asked(question).tsquery()

    assert re.fullmatch(r"(?:'[^\s':\\\0]{1,32}'(?::\*)?(?: & )?)*", tsquery)


def test_only_punctuation_asks_for_nothing():
    for question in ("", "   ", "%%%%", "&|!()<->:*", "'\"\\", "\0", "。，！", "_", "***"):
        assert not asked(question)


def test_ten_thousand_characters_ask_for_no_more_than_a_dozen_things():
    assert len(asked("word %d " * 3000 % tuple(range(3000))).terms) == 12


def test_quotes_want_words_together_and_a_star_wants_words_that_begin_so():
    assert asked_words('"exchange rate" 汇率 invoi*') == {"exchange", "rate", "汇率", "invoi"}
    assert [term.is_together for term in asked('"exchange rate" 汇率 紫薇花 rate').terms] == [True, False, True, False]
    assert [term.begins for term in asked("invoi* in*").terms] == [True, False]


def test_places_and_facts_are_no_words_of_a_text():
    run = 1764000000000 << 20

    assert place_words(7, run) == ["t:7", "t:7:2025-11", "t:7:2025-11-24"]
    assert fact_word("m", "gpt-5") == "m:gpt-5"
    assert fact_word("m", "it's 'quoted'") != fact_word("m", "another 'one'")
    assert not set(words_of(["t:7 t:7:2025-11 m:gpt-5"])) & {*place_words(7, run), "m:gpt-5"}


@given(st.text(max_size=300))
def test_a_fact_can_be_written_into_a_question(value):
    assert re.fullmatch(r"m:[\w.~-]{1,60}", fact_word("m", value))
