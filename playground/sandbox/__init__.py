"""A pretend gateway: a bare ASGI app that imports nothing of ours. `uvicorn playground.sandbox:application` serves it alone.

The modules of operations imported here put their handlers into the route table (see `routes`).
"""

from . import (  # noqa: F401
    billing,
    chat,
    completions,
    embeddings,
    gemini,
    listing,
    messages,
    moderations,
    rerank,
    responses,
)
from .door import application

__all__ = ["application"]
