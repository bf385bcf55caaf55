"""What calls cost and what keys have left."""

from .models import ratios


def units(model: str, input_tokens: int, output_tokens: int) -> int:
    """The price of a call in quota units, of which 500,000 are a dollar; never nothing."""
    price = ratios(model)
    return max(1, round((input_tokens + output_tokens * price.completion) * price.model))
