"""The cache in Redis, which pages ask without waiting for long: a Redis that hangs is left alone for a while."""

import time
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import ConnectionError, TimeoutError

ANSWER_SECONDS = 2
LEFT_ALONE_SECONDS = 3


class Cache(RedisCache):
    """Django's own, but one page finds out that Redis hangs, and the others do not wait for it again."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client


class _Client(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, **options)
        self._client = _ImpatientRedis


class _ImpatientRedis(Redis):
    _asked_again_at = 0.0  # of this process, whichever thread found out

    def execute_command(self, *words: Any, **options: Any) -> Any:
        if time.monotonic() < _ImpatientRedis._asked_again_at:
            raise ConnectionError("Redis did not answer a moment ago.")
        try:
            return super().execute_command(*words, **options)
        except TimeoutError:
            _ImpatientRedis._asked_again_at = time.monotonic() + LEFT_ALONE_SECONDS
            raise
