"""One run's story: send its call, number its frames into the log, keep its outcome."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from playground import gateway
from playground.calls import Call
from playground.dialects import Decoder, open_decoder
from playground.frames import Frame, problem, status
from playground.models import State
from playground.runs.costs import Tariff, cost_at_end, told_in
from playground.runs.log import Log
from playground.runs.masks import TextMasker, hidden_in, masked, masker_of, spellings

logger = logging.getLogger(__name__)

SILENT_KINDS = ("status", "problem", "usage")


@dataclass
class Running:
    """A run under way in this process: its log, its clock, and why it was told to end, if it was."""

    log: Log
    call: Call
    route: gateway.Route
    limits: gateway.Limits
    team_id: int
    user_id: int
    began: float = field(default_factory=time.monotonic)
    ended_by: str = ""
    figures: "Figures" = field(default_factory=lambda: Figures())
    state: str = ""
    task: asyncio.Task[None] | None = None
    tariff: Tariff | None = None

    def ms(self) -> int:
        """Milliseconds since the call was sent."""
        return int((time.monotonic() - self.began) * 1000)

    def metrics(self) -> dict[str, Any]:
        """What the run came to, as the `end` message tells it."""
        figures = self.figures
        cost = cost_at_end(self.tariff, self.state, figures.usage, figures.told_cost)
        return figures.metrics(self.ms()) | cost.metrics()

    def end(self, reason: str) -> None:
        """Tell the run to end as `stopped` or `interrupted`; what has arrived is kept."""
        if not self.ended_by and not self.state and self.task:
            self.ended_by = reason
            self.task.cancel()


@dataclass
class Figures:
    """What is measured while frames pass."""

    status: int | None = None
    problem: str = ""
    has_media: bool = False
    unreadable: int = 0
    first_byte_ms: int | None = None
    first_frame_ms: int | None = None
    first_text_ms: int | None = None
    last_text_ms: int = 0
    characters: int = 0
    usage: dict[str, Any] = field(default_factory=dict)
    # What the gateway's headers said that the answer costs.
    told_cost: Decimal | None = None

    def see(self, frames: list[Frame], at: int) -> None:
        for frame in frames:
            kind = frame["kind"]
            if kind == "text" or kind == "reasoning":
                self._see_text(frame, at)
            elif kind == "usage":
                self.usage.update(
                    {name: count for name, count in frame.items() if name != "kind" and count is not None}
                )
            elif kind == "problem":
                self.problem = frame["code"]
            elif kind == "media":
                self.has_media = True
            if self.first_frame_ms is None and kind not in SILENT_KINDS:
                self.first_frame_ms = at

    def metrics(self, total_ms: int) -> dict[str, Any]:
        seconds = (self.last_text_ms - (self.first_frame_ms or 0)) / 1000
        return {
            "first_byte_ms": self.first_byte_ms,
            "first_frame_ms": self.first_frame_ms,
            "first_text_ms": self.first_text_ms,
            "total_ms": total_ms,
            "text_per_second": round(self.characters / seconds, 1) if seconds > 0 else None,
            "input_tokens": self.usage.get("input_tokens"),
            "output_tokens": self.usage.get("output_tokens"),
            "reasoning_tokens": self.usage.get("reasoning_tokens"),
            "cached_tokens": self.usage.get("cached_tokens"),
            "unreadable": self.unreadable,
        }

    def _see_text(self, frame: Frame, at: int) -> None:
        self.characters += len(frame["text"])
        self.last_text_ms = at
        if self.first_text_ms is None and frame["kind"] == "text":
            self.first_text_ms = at


async def execute(run: Running, door: gateway.Door, room: asyncio.Event) -> None:
    """Play one run to its end; `run.state` is its final state, its last frames are in the log. Never raises.

    While `room` is not set, too much waits for the database: nothing more is read from the gateway.
    """
    story = _Story(run)
    try:
        await story.tell(door, room)
    except asyncio.CancelledError:
        story.ended_from_outside()
    except gateway.AnswerTooLarge as error:
        story.grew_too_large(error)
    except gateway.GatewayError as error:
        story.broke(error)
    except Exception as error:  # a mistake of ours must still end the run, with what had arrived
        story.went_wrong(error)
    if story.decoder:
        run.figures.unreadable = story.decoder.unreadable + story.decoder.undecodable
    run.log.give()


class _Story:
    """The steps of one run in order."""

    def __init__(self, run: Running) -> None:
        self.run, self.log = run, run.log
        self.decoder: Decoder | None = None
        self.bytes_mask = masker_of(run.route.secret, run.route.hidden)
        self.text_mask = TextMasker(run.route.secret, run.route.hidden)

    async def tell(self, door: gateway.Door, room: asyncio.Event) -> None:
        run = self.run
        async with gateway.send(run.call, run.route, run.limits, door) as answer:
            decoder = self._opened(answer)
            async for data in answer.reads():
                self._read(decoder, data)
                if decoder.closed:
                    answer.ending()
                if decoder.outcome:  # one of our limits was reached: the decoder has told it
                    break
                if self.log.last > settings.RUN_FRAMES:
                    raise gateway.AnswerTooLarge(
                        f"The answer has more than {settings.RUN_FRAMES:,} pieces, the most that are kept; what came before is here.",
                        limit="frames",
                        limit_frames=settings.RUN_FRAMES,
                    )
                if not room.is_set() or self.log.is_far_behind:
                    with answer.held():
                        await room.wait()
                        await self.log.caught_up()
            self._ended(decoder)

    def ended_from_outside(self) -> None:
        """Stop was pressed, or this process has to go."""
        self._add_rest(self.decoder.abort() if self.decoder else [])
        self.run.state = State.STOPPED if self.run.ended_by == "stopped" else State.INTERRUPTED
        if self.run.state == State.INTERRUPTED:
            self._add([interrupted_problem()])
        task = asyncio.current_task()
        if task:
            task.uncancel()

    def grew_too_large(self, error: gateway.AnswerTooLarge) -> None:
        self._add_rest(self.decoder.abort() if self.decoder else [])
        self._add([error.frame()])
        self.run.state = State.CUT_SHORT

    def broke(self, error: gateway.GatewayError) -> None:
        """The connection broke or a limit of time was reached; an end mark that was seen decides."""
        self._add_rest(self.decoder.abort() if self.decoder else [])
        if self.decoder and self.decoder.finished and not isinstance(error, gateway.BadAnswer):
            self.run.state = self.decoder.outcome or State.SUCCEEDED
            return
        self._add([error.frame()])
        self.run.state = State.FAILED

    def went_wrong(self, error: Exception) -> None:
        logger.error("run %s went wrong: %s", self.log.uuid, type(error).__name__, exc_info=error)
        self._add(
            [
                problem(
                    "internal",
                    "us",
                    "Something on this site went wrong while the answer was read; what had come is kept.",
                    True,
                )
            ]
        )
        self.run.state = State.FAILED

    def _opened(self, answer: gateway.Answer) -> Decoder:
        run = self.run
        figures = run.figures
        figures.status, figures.first_byte_ms = answer.status, run.ms()
        figures.told_cost = told_in(answer.headers, run.call.streaming)
        headers = {
            name: value.replace(run.route.secret, masked(run.route.secret)) if run.route.secret else value
            for name, value in answer.headers.items()
        }
        if ways := spellings(run.route.hidden):
            headers = {name: hidden_in(value, ways) for name, value in headers.items()}
        self.decoder = open_decoder(
            run.call.dialect,
            answer.status,
            answer.content_type,
            run.call.path,
            answer.headers,
            now=datetime.now(UTC),
            event_limit=run.limits.event_bytes,
            body_limit=run.limits.body_bytes,
        )
        self._add([status(answer.status, headers)])
        return self.decoder

    def _read(self, decoder: Decoder, data: bytes) -> None:
        if data := self.bytes_mask.feed(data):
            self.log.read(self.run.ms(), data)
            self._add(decoder.decode(data))

    def _ended(self, decoder: Decoder) -> None:
        if rest := self.bytes_mask.flush():
            self.log.read(self.run.ms(), rest)
            self._add(decoder.decode(rest))
        self._add_rest(decoder.flush() if not decoder.outcome else [])
        self.run.state = decoder.outcome or State.FAILED

    def _add_rest(self, frames: list[Frame]) -> None:
        self._number(self.text_mask.mask(frames) + self.text_mask.rest())

    def _add(self, frames: list[Frame]) -> None:
        if frames:
            self._number(self.text_mask.mask(frames))

    def _number(self, frames: list[Frame]) -> None:
        at = self.run.ms()
        self.run.figures.see(frames, at)
        self.log.add(frames, at)


def interrupted_problem() -> Frame:
    """What stands at the end of a run whose process had to go."""
    return problem(
        "interrupted",
        "us",
        "This site was restarted while the answer was coming. What had arrived is kept; the call was not sent again.",
        True,
        None,
        [{"action": "retry"}],
    )
