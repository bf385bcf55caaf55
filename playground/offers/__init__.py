"""What a gateway offers a key: the models it may use, how they are called, and what they cost. Bytes in, offers out."""

from playground.offers.cost import calls_in, cost_of, estimated
from playground.offers.reading import Ask, Listing, listing
from playground.offers.value import MILLION, Offer, Price

__all__ = ["MILLION", "Ask", "Listing", "Offer", "Price", "calls_in", "cost_of", "estimated", "listing"]
