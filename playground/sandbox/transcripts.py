"""What the pretend ear hears, and the ways a transcript is written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from .attachments import Attachment
from .seed import Seed
from .words import words

_ENGLISH = (
    "This is the sandbox listening.",
    "It heard {file}, {seconds} seconds long.",
    "Nothing in it was understood, but every second was counted.",
    "The times beside these sentences are evenly spread.",
)
_CHINESE = (
    "这里是沙盒在听。",
    "它听到了{file}，时长 {seconds} 秒。",
    "其中的内容没有被理解，但每一秒都计入了。",
    "这些句子旁边的时间是均匀分布的。",
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence with its times in seconds."""

    number: int
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A sound put into words."""

    seconds: float
    language: str
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return ("" if self.language == "chinese" else " ").join(segment.text for segment in self.segments)


def heard(sound: Attachment, seconds: float, chinese: bool) -> Transcript:
    """What the ear makes of a sound."""
    facts = {"file": sound.described(chinese), "seconds": f"{seconds:.1f}"}
    sentences = [sentence.format(**facts) for sentence in (_CHINESE if chinese else _ENGLISH)]
    share = seconds / len(sentences)
    segments = (
        Segment(number, round(number * share, 2), round((number + 1) * share, 2), sentence)
        for number, sentence in enumerate(sentences)
    )
    return Transcript(round(seconds, 2), "chinese" if chinese else "english", tuple(segments))


def spoken_words(segment: Segment) -> list[dict[str, str | float]]:
    """The words of a sentence with their times."""
    parts = [word.strip() for word in words(segment.text) if word.strip()]
    share = (segment.end - segment.start) / len(parts)
    return [
        {
            "word": word,
            "start": round(segment.start + place * share, 2),
            "end": round(segment.start + (place + 1) * share, 2),
        }
        for place, word in enumerate(parts)
    ]


def speaker(segment: Segment, names: Sequence[str], seed: Seed) -> str:
    """Who is said to speak."""
    known = list(names) or ["A", "B"]
    return known[(segment.number + seed.number("speaker")) % len(known)]


def srt(transcript: Transcript) -> str:
    """As subtitles."""
    return "".join(
        f"{segment.number + 1}\n{_time(segment.start, ',')} --> {_time(segment.end, ',')}\n{segment.text}\n\n"
        for segment in transcript.segments
    )


def vtt(transcript: Transcript) -> str:
    """As subtitles for the web."""
    cues = "".join(
        f"{_time(segment.start, '.')} --> {_time(segment.end, '.')}\n{segment.text}\n\n"
        for segment in transcript.segments
    )
    return f"WEBVTT\n\n{cues}"


def _time(seconds: float, point: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{point}{milliseconds:03}"
