"""The sandbox alone on a port of its own, and the vendors' own clients."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx
import openai
import pytest
import uvicorn
from google import genai
from pydantic import BaseModel

KEY = "sk-test"
PNG = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mO4Y2NDEmIY1TCqYfhqAABhl1QQ5Z/nmAAAAABJRU5ErkJggg=="
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox that runs by itself, with a data folder of its own."""
    os.environ["DATA_DIR"] = str(tmp_path_factory.mktemp("sandbox"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config("playground.sandbox:application", log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the sandbox did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{door.getsockname()[1]}/sandbox"
        server.should_exit = True
        thread.join()


@pytest.fixture
def http(sandbox: str) -> Iterator[httpx.Client]:
    """A plain client with a key."""
    with httpx.Client(base_url=sandbox, headers={"authorization": f"Bearer {KEY}"}, timeout=30) as client:
        yield client


@pytest.fixture
def gpt(sandbox: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client."""
    with openai.OpenAI(base_url=f"{sandbox}/v1", api_key=KEY, max_retries=0) as client:
        yield client


@pytest.fixture
def claude(sandbox: str) -> Iterator[anthropic.Anthropic]:
    """Anthropic's client."""
    with anthropic.Anthropic(base_url=sandbox, api_key=KEY, max_retries=0) as client:
        yield client


@pytest.fixture
def gemini(sandbox: str) -> Iterator[genai.Client]:
    """Google's client."""
    client = genai.Client(api_key=KEY, http_options={"base_url": sandbox})
    yield client
    client.close()


def leftovers(value: Any, path: str = "") -> list[str]:
    """The fields a vendor's types do not know."""
    if isinstance(value, BaseModel):
        unknown = [f"{path}.{name}" for name in value.model_extra or {}]
        known = [leftovers(getattr(value, name), f"{path}.{name}") for name in type(value).model_fields]
        return unknown + [found for each in known for found in each]
    if isinstance(value, list):
        return [found for place, each in enumerate(value) for found in leftovers(each, f"{path}[{place}]")]
    return []
