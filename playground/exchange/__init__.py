"""Requests from elsewhere and to elsewhere: cURL, HAR and Postman in; the same and OpenAPI out."""

from playground.exchange.bad_import import BadImport
from playground.exchange.found import Found, LeftOut
from playground.exchange.matching import Imported, imported
from playground.exchange.reading import read
from playground.exchange.writing import as_har, as_postman

__all__ = ["BadImport", "Found", "Imported", "LeftOut", "as_har", "as_postman", "imported", "read"]
