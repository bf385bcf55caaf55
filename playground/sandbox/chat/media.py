"""Pictures and films inside the text of a chat, as gateways give them: Markdown with a data URL or an address."""

import asyncio
from base64 import b64encode

from ..author import Reply
from ..files import film_address, picture_address
from ..picture import picture
from ..request import Request
from ..seed import Seed
from ..words import is_chinese, words

_FILMS = ("sora", "veo", "video", "kling", "wan2", "vidu", "hailuo")
_LINKED = ("dall-e", "mj_", "midjourney", "flux", "seedream")
_SIZE = (512, 512)
_FILM = (640, 360, 4)
_STEPS = (20, 60, 100)


async def illustrated(said: Reply, request: Request, sample: int) -> Reply:
    """The reply with its picture or film, where the model is one that makes them."""
    model = request.model.base.lower()
    number = request.seed.hex(f"media {sample}", 16)
    chinese = is_chinese(said.text)
    opening = said.text.partition("\n")[0]
    if any(name in model for name in _FILMS):
        progress = [f"> {'进度' if chinese else 'Progress'} {percent}%\n" for percent in _STEPS]
        link = f"[{'下载视频' if chinese else 'download'}]({film_address(request, number, *_FILM)})"
        return _told(said, [*words(f"{opening}\n\n"), *progress, "\n", link])
    if any(name in model for name in _LINKED):
        return _told(said, [*words(f"{opening}\n\n"), f"![image]({picture_address(request, number, *_SIZE)})"])
    if "image" in model:
        data = b64encode(await asyncio.to_thread(picture, Seed(number))).decode()
        return _told(said, [*words(f"{opening}\n\n"), f"![image](data:image/png;base64,{data})"])
    return said


def _told(said: Reply, pieces: list[str]) -> Reply:
    said.text, said.text_pieces = "".join(pieces), pieces
    return said
