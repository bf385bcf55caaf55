"""Websockets: what pages say, what runs say, and the way between them."""

from playground.consumers.runs import RunsConsumer

__all__ = ["RunsConsumer"]
