"""What else comes in chat streams: pictures, sound, refusals, sources."""

from playground import frames

from .. import events, text
from .pieces import DONE, PIXEL, STOP, chunk, said, stream

RECORDINGS = (
    stream(
        "sound cut anywhere in its base64",
        events(*(chunk({"audio": {"data": piece}}) for piece in ("SUQ", "zBA", "A", "AAAA=", "=")), STOP),
        [frames.media("audio/mpeg", data="SUQzBAAAAAA=")],
    ),
    stream(
        "a refusal",
        events(chunk({"refusal": "I can"}), chunk({"refusal": "not."}), STOP),
        [frames.refusal("I cannot.")],
    ),
    stream(
        "ended by a content filter",
        events(said("Well"), chunk({}, "content_filter"), DONE),
        [text("Well"), {**frames.refusal("Stopped by the provider: content_filter"), "reason": "content_filter"}],
    ),
    stream(
        "citations",
        events(
            chunk(
                {
                    "content": "So.",
                    "annotations": [
                        {
                            "type": "url_citation",
                            "url_citation": {"url": "https://example.com/a", "title": "A", "content": "q"},
                        }
                    ],
                }
            ),
            STOP,
        ),
        [text("So."), frames.citation("https://example.com/a", "A", "q")],
    ),
    stream(
        "search results beside every chunk",
        events(
            chunk(
                {"content": "So"},
                citations=["https://example.com/a"],
                search_results=[{"url": "https://example.com/a", "title": "A"}],
            ),
            chunk(
                {"content": "."},
                "stop",
                citations=["https://example.com/a"],
                search_results=[{"url": "https://example.com/a", "title": "A"}],
            ),
        ),
        [text("So"), frames.citation("https://example.com/a", "A"), text(".")],
    ),
    stream(
        "a picture as OpenRouter sends it",
        events(
            chunk(
                {
                    "content": "",
                    "images": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}],
                }
            ),
            STOP,
        ),
        [frames.media("image/png", data=PIXEL)],
    ),
    stream(
        "a picture by address",
        events(chunk({"images": [{"image_url": {"url": "https://example.com/x.webp?y=1"}}]}), STOP),
        [frames.media("image/webp", url="https://example.com/x.webp?y=1")],
    ),
    stream(
        "sound with its transcript",
        events(
            chunk({"audio": {"id": "a", "transcript": "He"}}),
            chunk({"audio": {"transcript": "llo"}}),
            chunk({"audio": {"data": "SUQzBAAAAA=="}}),
            chunk({"audio": {"data": "AQID"}}),
            STOP,
        ),
        [text("Hello"), frames.media("audio/mpeg", data="SUQzBAAAAAECAw==")],
    ),
    stream(
        "pictures as bare base64",
        events(
            chunk({"images": [{"b64_json": PIXEL}]}),
            chunk(
                {
                    "content": [
                        {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": PIXEL}}
                    ]
                }
            ),
            chunk(
                {
                    "content": "Here.",
                    "multi_mod_content": [
                        {"text": "Here."},
                        {"inline_data": {"mime_type": "image/png", "data": PIXEL}},
                    ],
                }
            ),
            STOP,
        ),
        [
            frames.media("image/png", data=PIXEL),
            frames.media("image/webp", data=PIXEL),
            text("Here."),
            frames.media("image/png", data=PIXEL),
        ],
    ),
)
