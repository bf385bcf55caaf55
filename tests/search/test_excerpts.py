"""A hit is shown in its place, and words that should stand together do."""

import json

from playground.search.asked import asked
from playground.search.excerpts import Looking
from playground.search.pieces import Piece, of_frames, of_request


def shown(question, *pieces):
    looking = Looking(asked(question))
    looking.read(pieces)
    excerpt = looking.excerpt()
    return excerpt and (excerpt.where, str(excerpt), [text for text, is_hit in excerpt.parts if is_hit])


def test_a_request_tells_where_each_text_stood():
    body = {
        "model": "m1",
        "system": "be brief",
        "messages": [
            {"role": "system", "content": "rules"},
            {"role": "user", "content": [{"type": "text", "text": "hello"}]},
            {"role": "assistant", "content": "hi", "tool_calls": [{"function": {"name": "get_rate"}}]},
            {"role": "tool", "content": "7.1"},
        ],
        "tools": [{"description": "a rate"}],
    }

    pieces = {piece.text: piece.where for piece in of_request(json.dumps(body).encode())}

    assert {text: pieces[text] for text in ("be brief", "rules", "hello", "hi", "get_rate", "7.1", "a rate", "m1")} == {
        "be brief": "system", "rules": "system", "hello": "user", "hi": "assistant", "get_rate": "assistant",
        "7.1": "tool_result", "a rate": "tools", "m1": "request",
    }  # fmt: skip


def test_pictures_in_a_request_are_no_text():
    picture = "data:image/png;base64," + "QUJD" * 500

    pieces = of_request(json.dumps({"messages": [{"role": "user", "content": f"see {picture} here"}]}).encode())

    assert [piece.text.split() for piece in pieces if piece.where == "user"] == [["see", "here"]]


def test_an_answer_is_joined_before_it_is_read():
    frames = [
        {"kind": "reasoning", "text": "let me "},
        {"kind": "reasoning", "text": "think"},
        {"kind": "text", "text": "ex"},
        {"kind": "text", "text": "change"},
        {"kind": "text", "text": "second", "index": 1},
        {"kind": "tool_call", "index": 0, "id": "c", "name": "get_rate", "arguments": '{"city":"'},
        {"kind": "tool_call", "index": 0, "id": None, "name": None, "arguments": '\\u5317\\u4eac"}'},
        {"kind": "problem", "message": "too many"},
    ]

    assert of_frames(json.dumps(frame).encode() for frame in frames) == [
        Piece("thinking", "let me think"),
        Piece("answer", "exchange"),
        Piece("answer", "second"),
        Piece("tool_call", 'get_rate {"city":"北京"}'),
        Piece("problem", "too many"),
    ]


def test_lone_surrogates_in_an_answer_are_read_around():
    assert of_frames([b'{"kind":"text","text":"a \\ud83d b"}', b"no json"]) == [Piece("answer", "a   b")]


def test_a_hit_is_shown_with_what_stood_around_it():
    assert shown("exchange", Piece("system", "first " * 20 + "use the Exchange rate\n tool" + " last" * 60)) == (
        "system",
        "…first first first first use the Exchange rate tool" + " last" * 26 + "…",
        ["Exchange"],
    )


def test_the_place_that_shows_most_is_chosen():
    pieces = [Piece("user", "a rate"), Piece("tool_call", "get_exchange_rate(1)"), Piece("answer", "exchange")]

    assert shown("exchange rate", *pieces) == ("tool_call", "get_exchange_rate(1)", ["exchange", "rate"])


def test_characters_that_only_stand_apart_are_no_hit():
    looking = Looking(asked("紫薇花"))

    looking.read([Piece("user", "紫薇 and 薇花")])

    assert not looking.may_be_a_hit


def test_quoted_words_may_have_punctuation_between_them_but_no_other_word():
    together, apart = Looking(asked('"exchange rate"')), Looking(asked('"exchange rate"'))

    together.read([Piece("user", "exchange - rate")])
    apart.read([Piece("user", "exchange the rate")])

    assert together.may_be_a_hit
    assert not apart.may_be_a_hit


def test_a_part_of_a_word_is_not_marked():
    assert shown("rate", Piece("user", "a rated corporate rate模型")) == (
        "user",
        "a rated corporate rate模型",
        ["rate"],
    )


def test_wide_letters_are_shown_where_plain_ones_were_asked_for():
    assert shown("gpt4", Piece("user", "ＧＰＴ４ 模型")) == ("user", "GPT4 模型", ["GPT4"])
