"""Finding runs: lists narrowed by any facts and by words, in either direction, at any depth.

Facts are served by the indexes of the runs; words said and amounts by the one index of search words.
"""

from playground.runs.finding.filters import Filters
from playground.runs.finding.pages import COUNTED, PAGE, Found, count, find, ids_of

__all__ = ["COUNTED", "PAGE", "Filters", "Found", "count", "find", "ids_of"]
