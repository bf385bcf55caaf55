"""The document's 105 pages as it lists them, and what somebody finds who visits each at a real site."""

import copy
import html
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from playground import catalogue, samples
from playground.catalogue import Operation
from playground.catalogue.examples import sendable
from playground.catalogue.problems import problems
from playground.samples.unsent import unsent
from playground.sandbox.sound import wav
from tests.people import Person, Seen

MARK = "@file:"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
DOCUMENT = """
    list-models                           | GET /v1/models                                                | 获取模型
    list-models-gemini                    | GET /v1beta/models                                            | 获取模型 - gemini
    embeddings                            | POST /v1/embeddings                                           | 文本嵌入
    embeddings-gemini                     | POST /v1beta/models/{model}:embedContent                      | 文本嵌入 - gemini
    token-balance                         | GET /api/usage/token/                                         | 令牌余额查询
    chat-basic                            | POST /v1/chat/completions                                     | 基本请求
    chat-stream                           | POST /v1/chat/completions                                     | 流式请求
    chat-multi-turn                       | POST /v1/chat/completions                                     | 连续对话
    chat-vision-url                       | POST /v1/chat/completions                                     | 识图请求 - url
    chat-vision-base64                    | POST /v1/chat/completions                                     | 识图请求 - base64
    chat-tools                            | POST /v1/chat/completions                                     | 工具(函数)调用
    rerank                                | POST /v1/rerank                                               | 文档重排序
    chat-media-stream                     | POST /v1/chat/completions                                     | 流式出图/视频
    gpt51-thinking                        | POST /v1/responses                                            | gpt-5.1开思考显示
    codex-model                           | POST /v1/responses                                            | codex模型请求
    chat-thinking                         | POST /v1/chat/completions                                     | chat兼容思考显示
    chat-video                            | POST /v1/chat/completions                                     | 视频识别
    chat-pdf                              | POST /v1/chat/completions                                     | PDF识别
    chat-structured                       | POST /v1/chat/completions                                     | 结构化输出
    media-chat-stream                     | POST /v1/chat/completions                                     | 流式出图/视频(推荐)
    media-chat-stream-image               | POST /v1/chat/completions                                     | 流式出图/视频 - 带图生成
    gemini-image-generate                 | POST /v1beta/models/{model}:generateContent                   | Google Gemini生图
    gemini-image-edit                     | POST /v1beta/models/{model}:generateContent                   | Google Gemini改图
    gemini-image-stream                   | POST /v1beta/models/{model}:streamGenerateContent?alt=sse     | Google Gemini生图 流式
    image-generate                        | POST /v1/images/generations                                   | 生成图像
    image-edit                            | POST /v1/images/edits                                         | 编辑图像
    video-create                          | POST /v1/videos                                               | 创建视频
    video-status                          | GET /v1/videos/{video_id}                                     | 获取视频任务状态
    video-content                         | GET /v1/videos/{video_id}/content                             | 获取视频内容
    mj-imagine                            | POST /mj/submit/imagine                                       | 文生图 - Imagine
    mj-action                             | POST /mj/submit/action                                        | 关联按钮动作 - Action
    mj-describe                           | POST /mj/submit/describe                                      | 图生文 - Describe
    mj-blend                              | POST /mj/submit/blend                                         | 图像混合 - Blend
    mj-modal                              | POST /mj/submit/modal                                         | 局部重绘 - Modal
    mj-list                               | POST /mj/task/list-by-condition                               | 多任务查询 - ListByCondition
    mj-fetch                              | GET /mj/task/{id}/fetch                                       | 单任务查询 - FetchFromTask
    mj-seed                               | GET /mj/task/{id}/image-seed                                  | Seed查询 - ImageSeed
    audio-transcribe                      | POST /v1/audio/transcriptions                                 | 音频转录
    audio-translate                       | POST /v1/audio/translations                                   | 音频翻译
    audio-speech                          | POST /v1/audio/speech                                         | 文本转语音
    gemini-tts                            | POST /v1beta/models/{model}:generateContent                   | Gemini 生成音频(TTS)
    gemini-chat                           | POST /v1beta/models/{model}:generateContent                   | 普通对话
    gemini-thinking                       | POST /v1beta/models/{model}:generateContent                   | 开启思考
    gemini-stream                         | POST /v1beta/models/{model}:streamGenerateContent?alt=sse     | 流式请求
    gemini-structured                     | POST /v1beta/models/{model}:generateContent                   | 结构化输出
    gemini-tools                          | POST /v1beta/models/{model}:generateContent                   | 函数调用
    gemini-pdf                            | POST /v1beta/models/{model}:generateContent                   | PDF识别
    gemini-vision                         | POST /v1beta/models/{model}:generateContent                   | 图像识别
    gemini-video                          | POST /v1beta/models/{model}:generateContent                   | 视频识别
    claude-chat                           | POST /v1/messages                                             | 普通对话
    claude-stream                         | POST /v1/messages                                             | 流式请求
    claude-thinking                       | POST /v1/messages                                             | 开启思考
    claude-vision                         | POST /v1/messages                                             | 图像识别
    claude-tools                          | POST /v1/messages                                             | 函数调用
    claude-web-search                     | POST /v1/messages                                             | 内置联网
    full-chat                             | POST /v1/chat/completions                                     | OpenAI对话格式 - chat
    full-responses                        | POST /v1/responses                                            | OpenAI对话格式 - responses
    full-messages                         | POST /v1/messages                                             | Claude对话格式 - messages
    full-v1beta                           | POST /v1beta/models/{model}:generateContent                   | Gemini对话格式 - v1beta
    use-in-codex                          | guide                                                         | 在codex中使用
    use-in-gemini-cli                     | guide                                                         | 在gemini cli中使用
    use-in-claude-code                    | guide                                                         | 在claudecode中使用
    schema-error-response                 | schema                                                        | ErrorResponse
    schema-models-response                | schema                                                        | ModelsResponse
    schema-gemini-models-response         | schema                                                        | GeminiModelsResponse
    schema-chat-completion-request        | schema                                                        | ChatCompletionRequest
    schema-chat-completion-response       | schema                                                        | ChatCompletionResponse
    schema-completion-request             | schema                                                        | CompletionRequest
    schema-completion-response            | schema                                                        | CompletionResponse
    schema-responses-request              | schema                                                        | ResponsesRequest
    schema-responses-response             | schema                                                        | ResponsesResponse
    schema-claude-request                 | schema                                                        | ClaudeRequest
    schema-claude-response                | schema                                                        | ClaudeResponse
    schema-embedding-request              | schema                                                        | EmbeddingRequest
    schema-embedding-response             | schema                                                        | EmbeddingResponse
    schema-image-generation-request       | schema                                                        | ImageGenerationRequest
    schema-image-response                 | schema                                                        | ImageResponse
    schema-audio-transcription-response   | schema                                                        | AudioTranscriptionResponse
    schema-speech-request                 | schema                                                        | SpeechRequest
    schema-rerank-request                 | schema                                                        | RerankRequest
    schema-rerank-response                | schema                                                        | RerankResponse
    schema-video-request                  | schema                                                        | VideoRequest
    schema-moderation-request             | schema                                                        | ModerationRequest
    schema-video-response                 | schema                                                        | VideoResponse
    schema-moderation-response            | schema                                                        | ModerationResponse
    schema-video-task-response            | schema                                                        | VideoTaskResponse
    schema-gemini-request                 | schema                                                        | GeminiRequest
    schema-gemini-response                | schema                                                        | GeminiResponse
    schema-open-ai-video-error            | schema                                                        | OpenAIVideoError
    schema-model                          | schema                                                        | Model
    schema-message                        | schema                                                        | Message
    schema-message-content                | schema                                                        | MessageContent
    schema-tool-call                      | schema                                                        | ToolCall
    schema-tool                           | schema                                                        | Tool
    schema-response-format                | schema                                                        | ResponseFormat
    schema-usage                          | schema                                                        | Usage
    schema-claude-message                 | schema                                                        | ClaudeMessage
    schema-video-task-metadata            | schema                                                        | VideoTaskMetadata
    schema-video-task-error               | schema                                                        | VideoTaskError
    schema-chat-completion-stream-response| schema                                                        | ChatCompletionStreamResponse
    schema-responses-stream-response      | schema                                                        | ResponsesStreamResponse
    schema-image-edit-request             | schema                                                        | ImageEditRequest
    schema-audio-transcription-request    | schema                                                        | AudioTranscriptionRequest
    schema-audio-translation-request      | schema                                                        | AudioTranslationRequest
    schema-open-ai-video                  | schema                                                        | OpenAIVideo
"""


@dataclass(frozen=True)
class Page:
    """One page as the document lists it: its id, the call it describes or what else it is, its Chinese title."""

    id: str
    call: str
    title: str

    @property
    def row(self) -> Operation:
        """The site's row for it."""
        found = catalogue.find(self.id)
        assert found is not None, f"{self.id} is missing"
        return found


PAGES = [Page(*(part.strip() for part in line.split("|"))) for line in DOCUMENT.strip().splitlines()]


def picture() -> bytes:
    """A small real picture, large enough for those that ask for a square."""
    drawn = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGBA").save(drawn, "PNG")
    return drawn.getvalue()


FILES: dict[str, Callable[[], tuple[str, bytes, str]]] = {
    "png": lambda: ("picture.png", picture(), "image/png"),
    "mp3": lambda: ("speech.wav", wav(bytes(48_000)), "audio/wav"),
}

# What an answer of each kind is known by: the kinds of frames, one of which must be there.
SIGNS = {
    "json": {"json", "text"},
    "text": {"text"},
    "thinking": {"reasoning"},
    "tool_call": {"tool_call"},
    "image": {"media"},
    "audio": {"media"},
    "video": {"media"},
    "vector": {"vector"},
    "ranking": {"ranking"},
    "task": {"task"},
}


class Visitor:
    """Somebody who opens every page and runs every operation with its example."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def visit(self, page: Page) -> str:
        """Look at all that makes a page whole; what was seen, in words. AssertionError at the first thing that is not."""
        row = page.row
        assert page.call == (f"{row.method} {row.path}" if row.kind == "operation" else row.kind)
        assert row.title["zh"] == page.title
        for language in LANGUAGES:
            assert row.title[language] and row.purpose[language], f"no {language} text"
        return self._operation(row) if row.kind == "operation" else self._opened(row)

    def _opened(self, row: Operation) -> str:
        """A guide or a data model, read in both languages."""
        place = {"guide": "guides", "schema": "schemas"}[row.kind]
        for language, cookie in LANGUAGES.items():
            page = self.person.http.get(f"/{place}/{row.id}/", headers={"Cookie": self._cookies(cookie)})
            text = html.unescape(page.text)
            assert page.status_code == 200 and row.title[language] in text, language
            fields = [
                field.name.rpartition(".")[2].removesuffix("[]") for field in catalogue.parameters(row).parameters
            ]
            assert [name for name in fields if name not in text] == [], "fields that are not on the page"
        return f"opens in both languages, {len(fields)} fields" if fields else "opens in both languages"

    def _operation(self, row: Operation) -> str:
        assert row.method == "GET" or row.example, "no example"
        assert not unknown_parameters(row), unknown_parameters(row)
        known = self.person.http.get(f"/operations/{row.id}.json").json()["operation"]
        assert known["title"] == dict(row.title) and known["purpose"] == dict(row.purpose)
        written = sampled(row)
        seen = self._run(row)
        assert seen.state == "succeeded", seen.problem or seen.error
        assert SIGNS[row.result_kinds[0]] & {frame["kind"] for frame in seen.frames}, f"no {row.result_kinds[0]}"
        return f"{told(seen)}; {written} samples"

    def _run(self, row: Operation) -> Seen:
        call: dict[str, Any] = {"path": dict(row.path_values), "query": dict(row.query), "headers": dict(row.headers)}
        if "model" in call["path"]:
            call["path"]["model"] += ":fast"
        if row.example:
            call["body"] = self._with_files(sendable(row))
            if "model" in call["body"]:
                call["body"]["model"] += ":fast"
        return self.person.run(row.id, call, seconds=60)

    def _with_files(self, value: Any) -> Any:
        """A body with a real file, freshly uploaded, for each that is only named in it."""
        if isinstance(value, dict):
            return {name: self._with_files(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._with_files(inner) for inner in value]
        if isinstance(value, str) and value.startswith(MARK):
            return self._uploaded(*FILES[value.rpartition(".")[2]]())
        return value

    def _uploaded(self, name: str, content: bytes, mime: str) -> str:
        headers = {"X-CSRFToken": self.person.http.cookies["csrftoken"], "Referer": self.person.url}
        answer = self.person.http.post("/attachments/", files={"file": (name, content, mime)}, headers=headers)
        assert answer.status_code == 201, answer.text
        mark: str = answer.json()["mark"]
        return mark

    def _cookies(self, language: str) -> str:
        return f"{self.person.cookies()}; django_language={language}"


def unknown_parameters(row: Operation) -> list[str]:
    """What an example holds that its table does not know, wherever it stands, and what contradicts the table."""
    table = catalogue.parameters(row)
    places = {"path": row.path_values, "query": row.query, "header": row.headers}
    known = {place: {parameter.name for parameter in table.of(place)} for place in places}
    stray = [f"{place} {name}" for place, values in places.items() for name in values if name not in known[place]]
    return stray + [problem.message for problem in problems(row, copy.deepcopy(dict(row.example or {})))]


def sampled(row: Operation) -> int:
    """In how many languages the operation's call is written: the document's fifteen, and its vendor's libraries."""
    body = {"body": sendable(row)} if row.example else {}
    call = unsent(row, {"path": dict(row.path_values), **body})
    languages = samples.languages(row)
    for language in languages:
        text = samples.sample(call, language.id, base_url="https://gateway.example")
        assert samples.KEY_VARIABLE in text and "gateway.example" in text, language.id
    assert len(languages) >= 15
    return len(languages)


def told(seen: Seen) -> str:
    """What a run gave, in words: `text of 210 characters, tool call get_weather, 12 → 90 tokens`."""
    return ", ".join([*_pieces(seen), *_figures(seen.metrics)])


def _pieces(seen: Seen) -> Iterator[str]:
    for kind, name in (("reasoning", "thinking"), ("text", "text")):
        if seen.text(kind):
            yield f"{name} of {len(seen.text(kind))} characters"
    calls = Counter(frame["name"] for frame in seen.frames if frame["kind"] == "tool_call" and frame.get("name"))
    yield from (f"tool call {name}" for name in calls)
    media = Counter(frame["mime"] for frame in seen.frames if frame["kind"] == "media")
    yield from (f"{number} × {mime}" for mime, number in media.items())
    for frame in seen.frames:
        match frame["kind"]:
            case "vector":
                yield f"vector of {len(frame['values'])}"
            case "ranking":
                yield f"{len(frame['results'])} ranked"
            case "task":
                yield f"task {frame['state']} {frame.get('progress') or ''}".strip()
            case "json":
                yield f"JSON of {len(json.dumps(frame['value']))} characters"
    sources = sum(frame["kind"] == "citation" for frame in seen.frames)
    if sources:
        yield f"{sources} sources"


def _figures(metrics: dict[str, Any]) -> Iterator[str]:
    if metrics.get("input_tokens") or metrics.get("output_tokens"):
        yield f"{metrics.get('input_tokens') or 0} → {metrics.get('output_tokens') or 0} tokens"
