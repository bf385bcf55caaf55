"""The front door: pages, websockets, static files, the sandbox; what begins and ends with the server process."""

import os
from contextlib import AsyncExitStack

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

import django

django.setup(set_prefix=False)

from channels.routing import URLRouter  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from playground import static_files  # noqa: E402
from playground.checks.conductor import conducting  # noqa: E402
from playground.comparing import conductor as comparing  # noqa: E402
from playground.consumers import RunsConsumer  # noqa: E402
from playground.jobs import after_media, after_run, after_submit, make_words_soon, working  # noqa: E402
from playground.pages import Pages  # noqa: E402
from playground.runs import away  # noqa: E402
from playground.runs.keeper import forget_keeper, keeper  # noqa: E402

sockets = CookieMiddleware(URLRouter([path("ws/runs/", RunsConsumer.as_asgi())]))
SANDBOX = "/sandbox/"
pages = Pages()


async def application(scope, receive, send):
    """Lead what comes in to its part of the house."""
    match scope["type"]:
        case "lifespan":
            await lifespan(receive, send)
        case "websocket" if scope["path"] == "/ws/runs/":
            await socket(scope, receive, send)
        case "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4404})
        case "http" if settings.SANDBOX and scope["path"].startswith(SANDBOX):
            from playground.sandbox import application as sandbox

            await sandbox({**scope, "path_remaining": scope["path"][len(SANDBOX) :]}, receive, send)
        case "http" if scope["path"].startswith(static_files.PREFIX):
            await static_files.application(scope, receive, send)
        case "http":
            await pages(scope, receive, send)


async def socket(scope, receive, send):
    """A websocket, or 503 where the database cannot say whose it is."""
    has_begun = False

    async def noticing(message):
        nonlocal has_begun
        has_begun = True
        await send(message)

    try:
        await sockets({**scope, "send_frames": send}, receive, noticing)
    except away.ERRORS as error:
        if has_begun or not away.is_away(error):
            raise
        headers = [(b"retry-after", b"5"), (b"content-length", b"0")]
        await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})


async def lifespan(receive, send):
    """Open the keeper of runs before the first request, let runs end after the last; work jobs off between."""
    jobs = AsyncExitStack()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await keeper().open()
                keeper().tell_ended(after_run)
                keeper().tell_ended(make_words_soon)
                keeper().tell_ended(after_submit)
                keeper().tell_ended(after_media)
                await jobs.enter_async_context(conducting())
                await jobs.enter_async_context(comparing.conducting())
                if settings.JOBS == "inside":
                    await jobs.enter_async_context(working())
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": f"runs cannot be kept: {error}"})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            runs = keeper()
            await jobs.aclose()
            await runs.drain(0 if runs.is_draining else settings.RUN_DRAIN_SECONDS)
            await runs.close()
            forget_keeper()
            await send({"type": "lifespan.shutdown.complete"})
            return
