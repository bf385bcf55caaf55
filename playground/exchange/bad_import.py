"""A text that cannot become a request."""

from collections.abc import Callable

SENTENCES = {
    "empty": "There is nothing to import. Paste a curl command, or drop a HAR or Postman file.",
    "not_known": "This is neither a curl command nor a HAR or Postman file. Paste one of these.",
    "open_quote": "A quote is opened and never closed. Copy the whole command again.",
    "no_address": "The command names no address. Add the URL it goes to.",
    "no_request": "The file holds no request. Export one that does.",
    "unknown_path": "The catalogue has no operation for {method} {path}. Compare the path with the catalogue.",
    "value_missing": "The option {option} needs a value. Copy the whole command again.",
    "bad_address": "The address cannot be read. Copy the whole command again.",
}


class BadImport(Exception):
    """Nothing can be made of what was pasted; `told` says why and what to do."""

    def __init__(self, reason: str, **details: str) -> None:
        self.reason, self.details = reason, details
        super().__init__(self.told(str))

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`."""
        sentence = translate(SENTENCES[self.reason])
        for name, value in self.details.items():
            sentence = sentence.replace("{" + name + "}", value)
        return sentence
