"""Long answers are made while they are sent: what nobody has read yet was not made."""

from playground.views.streaming import PIECE, Streamed


def made_lines(count, made):
    for number in range(count):
        made.append(number)
        yield f"{number:09}\n"


async def test_a_long_answer_is_made_no_further_than_it_was_read():
    made = []
    answer = Streamed(made_lines(100_000, made))

    pieces = aiter(answer)
    first = await anext(pieces)

    assert len(first) < PIECE + 100
    assert len(made) == len(first) // 10


async def test_a_long_answer_comes_whole_and_in_order():
    answer = Streamed(made_lines(20_000, []))

    text = b"".join([piece async for piece in answer])

    assert text == b"".join(b"%09d\n" % number for number in range(20_000))


async def test_an_answer_without_a_line_ends():
    assert [piece async for piece in Streamed(iter(()))] == []
