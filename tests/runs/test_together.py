"""Questions that many ask at the same moment are put as one."""

import asyncio

import pytest

from playground.runs.together import AT_ONCE, Together


@pytest.fixture
def asked():
    return []


async def test_who_comes_while_questions_are_under_way_is_answered_by_one_more(asked):
    async def ask(keys):
        asked.append(keys)
        await asyncio.sleep(0.05)
        return {key: key * 2 for key in keys if key < 90}

    together = Together(ask)
    early = []
    for number in range(AT_ONCE):
        early.append(asyncio.create_task(together.answer(number)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    late = await asyncio.gather(*(together.answer(number) for number in (*range(100), *range(100))))

    assert late == [number * 2 if number < 90 else None for number in (*range(100), *range(100))]
    assert await asyncio.gather(*early) == [0, 2, 4, 6]
    assert asked == [[0], [1], [2], [3], list(range(100))]


async def test_a_question_that_fails_is_told_to_all_who_asked_and_the_next_one_is_asked(asked):
    async def ask(keys):
        asked.append(keys)
        await asyncio.sleep(0)
        if len(asked) == 1:
            raise OSError("away")
        return dict.fromkeys(keys, "there")

    together = Together(ask)
    told = await asyncio.gather(*(together.answer(key) for key in ("a", "a", "b")), return_exceptions=True)

    assert [str(each) for each in told] == ["away"] * 3
    assert await together.answer("a") == "there"


async def test_who_leaves_takes_no_answer_away_from_others(asked):
    async def ask(keys):
        await asyncio.sleep(0.05)
        return dict.fromkeys(keys, "there")

    together = Together(ask)
    leaving, staying = (asyncio.create_task(together.answer("a")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == "there"
    assert leaving.cancelled()
