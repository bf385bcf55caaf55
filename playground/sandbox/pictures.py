"""Pictures as files of the kind and size that were asked for. Drawing takes a moment: not for the event loop."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .picture import picture
from .seed import Seed

MIMES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "svg": "image/svg+xml"}
_DRAFT_DETAIL = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picture shall be. `draft` from 0 is an early, coarse state of it; `compression` is percent of quality."""

    width: int = 1024
    height: int = 1024
    form: str = "png"
    compression: int = 90
    transparent: bool = False
    draft: int | None = None
    frames: int = 4
    frame_ms: int = 200


def drawn(number: str, wish: Wish) -> bytes:
    """The picture of a number; the same number gives the same picture in every kind and size."""
    if wish.form == "svg":
        return _svg(number, wish)
    if wish == Wish(wish.width, wish.height, compression=wish.compression):
        return picture(Seed(number), wish.width, wish.height)
    return _converted(number, wish)


def grid(number: str, width: int, height: int) -> bytes:
    """Four pictures in one, as a PNG."""
    from PIL import Image

    sheet = Image.new("RGB", (width, height))
    for index in range(4):
        one = _opened(part_of(number, index + 1), width // 2, height // 2)
        sheet.paste(one, ((index % 2) * (width // 2), (index // 2) * (height // 2)))
    return _saved(sheet, "png", 90)


def part_of(number: str, index: int) -> str:
    """The number of one of the four pictures of a grid, from 1."""
    return Seed(number, str(index)).hex("part", 16)


@lru_cache(maxsize=32)
def _converted(number: str, wish: Wish) -> bytes:
    image = _opened(number, wish.width, wish.height)
    if wish.draft is not None:
        detail = _DRAFT_DETAIL * (wish.draft + 1)
        image = image.resize((detail, detail)).resize(image.size)
    if wish.transparent:
        image.putalpha(_oval(image.size))
    if wish.form == "gif":
        others = [_opened(part_of(number, place), wish.width, wish.height) for place in range(1, wish.frames)]
        return _saved(image, "gif", 90, save_all=True, append_images=others, duration=wish.frame_ms, loop=0)
    return _saved(image, wish.form, wish.compression)


def _opened(number: str, width: int, height: int) -> Any:
    from PIL import Image

    image = Image.open(io.BytesIO(picture(Seed(number), width, height)))
    image.load()
    return image


def _oval(size: tuple[int, int]) -> Any:
    from PIL import Image, ImageDraw

    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, *size), fill=255)
    return mask


def _saved(image: Any, form: str, quality: int, **more: Any) -> bytes:
    target = io.BytesIO()
    if form in ("jpeg", "webp"):
        more["quality"] = max(1, min(95, quality))
    if form == "webp":
        more["method"] = 0
    (image.convert("RGB") if form == "jpeg" else image).save(target, form, **more)
    return target.getvalue()


def _svg(number: str, wish: Wish) -> bytes:
    hue, across = Seed(number).number("picture") % 360, 20 + Seed(number).number("across") % 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wish.width}" height="{wish.height}" viewBox="0 0 96 96">'
        f'<rect width="96" height="96" fill="hsl({hue} 50% 70%)"/><circle cx="{across}" cy="32" r="16" fill="#ffdc78"/>'
        f'<rect y="64" width="96" height="32" fill="hsl({(hue + 90) % 360} 40% 40%)"/></svg>'
    ).encode()
