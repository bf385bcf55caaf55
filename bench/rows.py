"""Many runs, as a team that has worked for half a year would have them, written by COPY."""

import json
import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.search.facts import fact_words
from playground.search.words import place_words, words_of

SPAN_DAYS = 180
WHOLE = 2_000  # the newest, which have requests and frames
BULK = 50_000  # from here on indexes are made after the rows
SEED = 20261122
BLOCK = 1_000

OPERATIONS = (
    ("chat-stream", "openai-chat", 50), ("full-chat", "openai-chat", 20), ("full-responses", "openai-responses", 8),
    ("full-messages", "anthropic-messages", 8), ("gemini-stream", "gemini", 6), ("image-generate", "openai-images", 4),
    ("embeddings", "openai-embeddings", 3), ("audio-speech", "openai-audio", 1),
)  # fmt: skip
MODELS = (
    "gpt-5", "gpt-5-mini", "gpt-4o", "gpt-4o-mini", "o4-mini", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-pro",
    "gemini-2.5-flash", "deepseek-chat", "deepseek-reasoner", "qwen3-max", "qwen3-coder", "glm-4.6", "kimi-k2", "grok-4",
    "doubao-seed-1.6", "text-embedding-3-large", "gpt-image-1", "tts-1",
)  # fmt: skip
STATES = (("succeeded", "", 200, 920), ("failed", "rate_limited", 429, 25), ("failed", "server_error", 502, 15),
          ("failed", "timeout", None, 10), ("stopped", "", 200, 15), ("cut_short", "cut_short", 200, 10),
          ("interrupted", "interrupted", 200, 5))  # fmt: skip
ENGLISH = (
    "Summarise the meeting notes", "Translate this contract clause", "Write a haiku about rivers", "Explain the stack trace",
    "Draft a reply to the customer", "Refactor this function", "List edge cases for the parser", "Compare the two offers",
    "Name ten titles for the article", "Find the mistake in this query", "Plan a week in Kyoto", "Describe the picture",
)  # fmt: skip
CHINESE = (
    "把这段会议记录整理成要点", "翻译下面的合同条款", "写一首关于江河的短诗", "解释这个报错的原因", "给客户写一封回信",
    "重构这个函数并说明理由", "列出解析器的边界情况", "比较两份报价的差别", "为文章起十个标题", "找出这条查询的错误",
)  # fmt: skip
OBJECTS = (
    "for the quarterly review",
    "in plain words",
    "第三季度",
    "with a table",
    "for beginners",
    "面向新同事",
    "briefly",
)

RUN_COLUMNS = (
    "id", "uuid", "team_id", "user_id", "key_id", "key_name", "key_mask", "gateway_name", "operation", "dialect", "model",
    "streaming", "summary", "state", "status", "problem", "stop_asked", "last_seq", "started_at", "ended_at",
    "first_byte_ms", "first_frame_ms", "first_text_ms", "total_ms", "text_per_second", "input_tokens", "output_tokens",
    "reasoning_tokens", "cached_tokens", "cost", "currency", "has_media", "tags",
)  # fmt: skip
# Met in a few of all answers only.
RARE = ("紫薇花开", "exchange rate", "Fourier", "银河", "mitochondria", "量子纠缠", "amortisation", "卷积")
NULL = "\\N"


@dataclass(frozen=True)
class Crowd:
    """Who started runs: people of a team, with the key they used (id, name, mask, its gateway's name)."""

    team: int
    users: list[int]
    key: tuple[str, str, str, str]


class Rows:
    """Lines for COPY; but for the UUIDs, the same ones every time."""

    def __init__(self, ours: Crowd, theirs: Crowd, count: int, now_ms: int) -> None:
        self.chance, self.names = random.Random(), random.Random()  # noqa: S311  made-up rows
        self.ours, self.theirs, self.count = ours, theirs, count
        self.step = SPAN_DAYS * 86_400_000 / count
        self.first_ms = now_ms - SPAN_DAYS * 86_400_000
        self.operations = [row[:2] for row in OPERATIONS]
        self.states = [row[:3] for row in STATES]

    def __iter__(self) -> Iterator[str]:
        self.chance.seed(SEED)
        for start in range(0, self.count, BLOCK):
            yield "".join(self._row(number) for number in range(start, min(start + BLOCK, self.count)))

    def id_of(self, number: int) -> int:
        """The id of a run by its age: like the site's own, milliseconds and 20 random bits."""
        return (int(self.first_ms + number * self.step) << 20) | (number * 7919 & 0xFFFFF)

    def is_ours(self, number: int) -> bool:
        return number % 10 != 3

    def words(self) -> Iterator[str]:
        """Lines of search words for the same runs, which are told once more for them."""
        self.chance.seed(SEED)
        for start in range(0, self.count, BLOCK):
            yield "".join(self._words(number) for number in range(start, min(start + BLOCK, self.count)))

    def _row(self, number: int) -> str:
        return "\t".join(map(str, self._fields(number))) + "\n"

    def _words(self, number: int) -> str:
        run = dict(zip(RUN_COLUMNS, self._fields(number), strict=True))
        facts = {name: None if value == NULL else value for name, value in run.items()} | {"has_media": False}
        words = [
            *place_words(run["team_id"], run["id"]),
            *fact_words(facts),
            *words_of([run["summary"]]),
            f"run{number}",
        ]
        return f"{run['id']}\t{run['team_id']}\t{_vector(words)} {ANSWERED[number % len(ANSWERED)]}\n"

    def _fields(self, number: int) -> tuple[Any, ...]:
        chance = self.chance
        crowd = self.ours if self.is_ours(number) else self.theirs
        run_id = self.id_of(number)
        operation, dialect = chance.choices(self.operations, _WEIGHTS_OPERATION)[0]
        state, problem, status = chance.choices(self.states, _WEIGHTS_STATE)[0]
        total = int(chance.lognormvariate(8, 1))
        first, began = int(chance.lognormvariate(6, 0.5)), (run_id >> 20) / 1000
        tokens_in, tokens_out = int(chance.lognormvariate(6, 1.2)), int(chance.lognormvariate(6, 1))
        well = state == "succeeded"
        return (
            run_id, uuid.UUID(int=self.names.getrandbits(128), version=4), crowd.team, chance.choice(crowd.users), *crowd.key,
            operation, dialect, MODELS[min(int(chance.expovariate(0.25)), len(MODELS) - 1)], "t", self._summary(), state,
            NULL if status is None else status, problem, "f", 40, _moment(began), _moment(began + total / 1000),
            first, first, first + 20 if well else NULL, total, round(chance.uniform(20, 400), 1) if well else NULL,
            tokens_in, tokens_out if well else NULL, NULL, NULL,
            round((tokens_in * 0.3 + tokens_out) / 1e5, 6) if well else NULL, "USD" if well else "", "f", "{}",
        )  # fmt: skip

    def _summary(self) -> str:
        chance = self.chance
        task = chance.choice(ENGLISH if chance.random() < 0.5 else CHINESE)
        return f"{task} {chance.choice(OBJECTS)} {chance.randrange(10_000)}"


def _answers() -> list[str]:
    """Some hundred answers."""
    chance = random.Random(SEED)  # noqa: S311  made-up rows
    return [" ".join(chance.sample((*ENGLISH, *CHINESE), 6)) + f" {chance.choice(RARE)}" for _ in range(400)]


def _vector(words: list[str]) -> str:
    return " ".join(f"'{word}'" for word in words)


_WEIGHTS_OPERATION = [row[2] for row in OPERATIONS]
_WEIGHTS_STATE = [row[3] for row in STATES]
ANSWERS = _answers()
ANSWERED = [_vector(words_of([text])) for text in ANSWERS]


def write(cursor: Any, rows: Rows) -> None:
    """Put the runs into the database with their search words; the newest with their requests and frames."""
    # Words first: a server that runs beside would make its own for runs without.
    _copy(cursor, "playground_run_words", ("run_id", "team_id", "words"), rows.words(), rows.count)
    _copy(cursor, "playground_run", RUN_COLUMNS, rows, rows.count)
    _copy_whole(cursor, rows, range(max(0, rows.count - WHOLE), rows.count))


def _copy_whole(cursor: Any, rows: Rows, numbers: range) -> None:
    """What was asked and answered in these runs: what their rows and words tell."""
    ids = [rows.id_of(number) for number in numbers]
    cursor.execute("SELECT id, summary FROM playground_run WHERE id = ANY(%s)", [ids])
    asked = dict(cursor.fetchall())
    _make_requests(cursor, {run: f"{asked[run]} run{number}" for number, run in zip(numbers, ids, strict=True)})
    _make_frames(cursor, {run: ANSWERS[number % len(ANSWERS)] for number, run in zip(numbers, ids, strict=True)})


def _copy(cursor: Any, table: str, columns: tuple[str, ...], blocks: Iterable[str], count: int) -> None:
    away = _indexes_away(cursor, table) if count >= BULK else nullcontext()
    with away, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)


def _make_requests(cursor: Any, asked: dict[int, str]) -> None:
    given = json.dumps({"path": {}, "query": {}, "headers": {}})
    sent = json.dumps(
        {"method": "POST", "url": "https://gateway.example/v1/chat/completions", "query": [], "headers": []}
    )
    with cursor.copy("COPY playground_runcall (run_id, given, body, sent) FROM STDIN") as copy:
        for run, words in asked.items():
            messages = [{"role": "user", "content": words}]
            body = json.dumps({"model": "gpt-5", "stream": True, "messages": messages}, ensure_ascii=False)
            copy.write_row((run, given.encode(), body.encode(), sent.encode()))


def _make_frames(cursor: Any, answered: dict[int, str]) -> None:
    with cursor.copy("COPY playground_run_frames (run_id, last, first, packed, frames) FROM STDIN") as copy:
        for run, text in answered.items():
            copy.write_row((run, 40, 1, False, "\n".join(map(_line, _frames(text))).encode()))


def _frames(text: str) -> Iterator[dict[str, Any]]:
    """An answer in 38 pieces: the text, as often as it takes to fill them with about 20 letters each."""
    yield {"seq": 1, "at": 400, "kind": "status", "status": 200, "headers": {"content-type": "text/event-stream"}}
    long = f"{text}\n\n" * (38 * 20 // len(text) + 1)
    size = -(-len(long) // 38)
    for seq in range(2, 40):
        yield {"seq": seq, "at": 400 + seq * 30, "kind": "text", "text": long[(seq - 2) * size : (seq - 1) * size]}
    yield {"seq": 40, "at": 1700, "kind": "usage", "input_tokens": 30, "output_tokens": 200}


def _line(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)


@contextmanager
def _indexes_away(cursor: Any, table: str) -> Iterator[None]:
    """Take the plain indexes away and make them again at the end, which is faster by far for many rows."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %(table)s"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass)",
        {"table": table},
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        for _name, definition in indexes:
            cursor.execute(definition)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
