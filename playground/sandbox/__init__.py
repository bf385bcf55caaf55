"""A pretend gateway: a bare ASGI app that imports nothing of ours. `uvicorn playground.sandbox:application` serves it alone.

The modules of operations imported here put their handlers into the route table (see `routes`).
"""

from . import (  # noqa: F401
    billing,
    chat,
    completions,
    embeddings,
    files,
    gemini,
    images,
    listening,
    listing,
    messages,
    midjourney,
    moderations,
    rerank,
    responses,
    speaking,
    videos,
)
from .door import application

__all__ = ["application"]
