"""Small real films: a sun that crosses the sky, as MP4. Encoding takes a second: not for the event loop."""

import io
from functools import lru_cache
from typing import Any, cast

from .seed import Seed

_FRAMES_A_SECOND = 4
_MOST_FRAMES = 48
_SIDES = (16, 1920)
_TILES = 4


@lru_cache(maxsize=16)
def film(number: str, width: int, height: int, seconds: int) -> bytes:
    """The film of a number. VP9, because browsers without licensed codecs play it too."""
    import av

    target, rate = io.BytesIO(), max(1, min(_FRAMES_A_SECOND, _MOST_FRAMES // seconds))
    with av.open(target, "w", format="mp4") as sink:
        stream = cast(av.VideoStream, sink.add_stream("libvpx-vp9", rate=rate))
        stream.width, stream.height, stream.pix_fmt = _even(width), _even(height), "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8"}
        stream.codec_context.thread_count = 1
        for image in _images(number, stream.width, stream.height, rate * seconds):
            sink.mux(stream.encode(av.VideoFrame.from_image(image)))
        sink.mux(stream.encode(None))
    return target.getvalue()


def still(number: str, width: int, height: int, form: str) -> bytes:
    """The film's first picture as a file."""
    return _saved(next(_images(number, _even(width), _even(height), 1)), form)


def sheet(number: str, width: int, height: int, form: str) -> bytes:
    """Pictures of the film side by side."""
    from PIL import Image

    across, down = _even(width) // _TILES, _even(height) // _TILES
    whole = Image.new("RGB", (across * _TILES, down))
    for place, image in enumerate(_images(number, across, down, _TILES)):
        whole.paste(image, (place * across, 0))
    return _saved(whole, form)


def _images(number: str, width: int, height: int, count: int) -> Any:
    from PIL import Image, ImageDraw

    dice = Seed(number).dice("film")
    sky, hill = [tuple(dice.randrange(70, 220) for _ in range(3)) for _ in range(2)]
    ground = Image.new("RGB", (width, height), sky)
    ImageDraw.Draw(ground).rectangle((0, height * 2 // 3, width, height), fill=hill)
    radius, top = min(width, height) // 6, height // 3
    for place in range(count):
        image, centre = ground.copy(), width * (place + 1) // (count + 1)
        ImageDraw.Draw(image).ellipse((centre - radius, top - radius, centre + radius, top + radius), (255, 220, 120))
        yield image


def _saved(image: Any, form: str) -> bytes:
    target = io.BytesIO()
    image.save(target, form)
    return target.getvalue()


def _even(side: int) -> int:
    return min(max(side, _SIDES[0]), _SIDES[1]) // 2 * 2
