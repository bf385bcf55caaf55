"""Values made to obey a JSON schema, filled with what the prompt holds: tool arguments and structured answers."""

import re
from dataclasses import dataclass
from functools import reduce
from math import ceil, floor
from typing import Any

from .pattern import matching
from .reading import table
from .seed import Seed
from .words import excerpt, is_chinese

_DEEPEST = 6
_FORMATS = {
    "date": "2025-11-24",
    "date-time": "2025-11-24T08:00:00Z",
    "time": "08:00:00Z",
    "duration": "PT1H",
    "email": "alice@example.com",
    "idn-email": "alice@example.com",
    "hostname": "example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/sandbox",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json-pointer": "/0",
    "regex": ".*",
}
_PLACES = re.compile(
    r"北京|上海|广州|深圳|杭州|成都|武汉|南京|西安|重庆|香港|台北|东京|巴黎|伦敦|纽约|柏林|"
    r"Beijing|Shanghai|Hangzhou|Shenzhen|Hong Kong|Tokyo|Paris|London|New York|San Francisco|Boston|Berlin|Madrid|Rome|Vienna"
)
_PLACE_NAMES = ("city", "location", "place", "town", "region")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LATIN = re.compile(r"[A-Z][A-Za-z+#.]*[A-Za-z+#]|\b[A-Z]\b")
_PARTS = re.compile(r"[，。、；：！？,.;:!?\n]+")


@dataclass
class Hints:
    """What a prompt offers to fill values with."""

    prompt: str

    def __post_init__(self) -> None:
        head = self.prompt[:4000]
        self.chinese = is_chinese(head)
        self.numbers = [float(found) for found in _NUMBER.findall(head)][:20]
        self.parts = [part.strip() for part in _PARTS.split(head) if part.strip()][:20]
        self.names = _LATIN.findall(head)[:20]
        place = _PLACES.search(head)
        self.place = place[0] if place else ("杭州" if self.chinese else "Paris")


def value_for(schema: Any, seed: Seed, prompt: str = "") -> Any:
    """A value that obeys the schema."""
    root = schema if isinstance(schema, dict) else {}
    return _Maker(root, seed, Hints(prompt)).value(schema, "", 0)


class _Maker:
    def __init__(self, root: dict[str, Any], seed: Seed, hints: Hints):
        self.root, self.hints = root, hints
        self.dice = seed.dice("schema")

    def value(self, schema: Any, name: str, depth: int) -> Any:
        """A value for one schema; `name` is the property it stands at."""
        if not isinstance(schema, dict):
            return excerpt(self.hints.prompt, 40) or "sandbox"
        schema = self._settled(schema, depth)
        if "const" in schema:
            return schema["const"]
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return self._from_list(schema["enum"])
        kind = self._kind(schema, depth)
        maker = getattr(self, f"_{kind}", self._string)
        return maker(schema, name, depth)

    def _from_list(self, values: list[Any]) -> Any:
        """The value the prompt names, else the first."""
        return next(
            (v for v in values if isinstance(v, str) and v and v.lower() in self.hints.prompt.lower()), values[0]
        )

    def _settled(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        """The schema with references followed and alternatives chosen."""
        for _ in range(20):
            if isinstance(schema.get("$ref"), str):
                schema = {**self._referred(schema["$ref"]), **_without(schema, "$ref")}
            elif isinstance(schema.get("allOf"), list):
                parts = [self._settled(part, depth) for part in schema["allOf"] if isinstance(part, dict)]
                schema = reduce(_merged, parts, _without(schema, "allOf"))
            elif found := next((word for word in ("anyOf", "oneOf") if isinstance(schema.get(word), list)), None):
                schema = _merged(_without(schema, found), self._chosen(schema[found], depth))
            else:
                break
        return schema

    def _referred(self, reference: str) -> dict[str, Any]:
        found: Any = self.root
        for step in reference.removeprefix("#").split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _chosen(self, choices: list[Any], depth: int) -> dict[str, Any]:
        """The first alternative, or the simplest one where a tree must come to an end."""
        usable = [choice for choice in choices if isinstance(choice, dict)] or [{}]
        if depth < _DEEPEST:
            return next((choice for choice in usable if choice.get("type") not in ("null", "NULL")), usable[0])
        simple = [choice for choice in usable if "$ref" not in choice and choice.get("type") not in ("object", "array")]
        return next((c for c in simple if c.get("type") == "null"), (simple or usable)[0])

    def _kind(self, schema: dict[str, Any], depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            kinds = [str(each).lower() for each in kind]
            if depth >= _DEEPEST and "null" in kinds:
                return "null"
            return next((each for each in kinds if each != "null"), "null")
        if isinstance(kind, str):
            return kind.lower() if kind != "TYPE_UNSPECIFIED" else "string"
        if "properties" in schema or "required" in schema or "additionalProperties" in schema:
            return "object"
        if "items" in schema or "prefixItems" in schema or "minItems" in schema:
            return "array"
        if {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"} & schema.keys():
            return "number"
        return "string"

    def _null(self, schema: dict[str, Any], name: str, depth: int) -> None:
        return None

    def _boolean(self, schema: dict[str, Any], name: str, depth: int) -> bool:
        return True

    def _integer(self, schema: dict[str, Any], name: str, depth: int) -> int:
        return int(self._numeric(schema, whole=True))

    def _number(self, schema: dict[str, Any], name: str, depth: int) -> float:
        number = self._numeric(schema, whole=False)
        return int(number) if number == int(number) and not isinstance(schema.get("multipleOf"), float) else number

    def _numeric(self, schema: dict[str, Any], whole: bool) -> float:
        low, high = _bounds(schema, whole)
        step = _number(schema.get("multipleOf"))
        wanted = next((n for n in self.hints.numbers if low <= n <= high and (not whole or n == int(n))), None)
        if wanted is not None:
            self.hints.numbers.remove(wanted)
        else:
            wanted = min(max(low, 3.0 if low < 3 else low), high)
        if step:
            wanted = ceil(wanted / step) * step if ceil(wanted / step) * step <= high else floor(high / step) * step
        return float(wanted)

    def _string(self, schema: dict[str, Any], name: str, depth: int) -> str:
        least, most = _length(schema, "minLength", 0), _length(schema, "maxLength", None)
        if isinstance(schema.get("pattern"), str):
            made = matching(schema["pattern"], self.dice, least or 0)
            if made is not None:
                return made
        text = self._formatted(schema) or self._worded(name)
        while least and len(text) < least:
            text += " " + (text or "sandbox")
        return text if most is None else text[:most]

    def _formatted(self, schema: dict[str, Any]) -> str:
        format_ = schema.get("format")
        if format_ == "uuid":
            digits = f"{self.dice.getrandbits(128):032x}"
            return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
        return _FORMATS.get(format_, "") if isinstance(format_, str) else ""

    def _worded(self, name: str) -> str:
        """A text that would make sense under this name."""
        lower = name.lower()
        if any(word in lower for word in _PLACE_NAMES):
            return self.hints.place
        if lower in ("email", "mail"):
            return _FORMATS["email"]
        if lower in ("url", "uri", "link", "website"):
            return _FORMATS["uri"]
        if "date" in lower:
            return _FORMATS["date"]
        if "name" in lower and self.hints.parts:
            return self.hints.parts[0][:40]
        return excerpt(self.hints.prompt, 60) or "sandbox"

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        fixed = [self.value(each, name, depth + 1) for each in schema.get("prefixItems") or []]
        least, most = _length(schema, "minItems", 0) or 0, _length(schema, "maxItems", None)
        items = schema.get("items", {})
        wanted = max(least, 0 if depth >= _DEEPEST or items is False or fixed else 2)
        wanted = min(wanted, 1000 if most is None else most)
        made = fixed + self._several(items, name, depth, wanted - len(fixed), bool(schema.get("uniqueItems")))
        return made if most is None else made[:most]

    def _several(self, items: Any, name: str, depth: int, count: int, unique: bool) -> list[Any]:
        plain = (
            isinstance(items, dict)
            and items.get("type") in ("string", "STRING")
            and items.keys() <= {"type", "description"}
        )
        if plain and self.hints.names:
            named = list(dict.fromkeys(self.hints.names))
            return [
                named[place % len(named)] + ("" if place < len(named) else f" {place}")
                for place in range(max(count, min(len(named), 4) if count else 0))
            ]
        made: list[Any] = []
        for place in range(max(count, 0) * (3 if unique else 1)):
            if len(made) == count:
                break
            value = self._varied(self.value(items, name, depth + 1), items, place)
            if not unique or value not in made:
                made.append(value)
        return made

    def _varied(self, value: Any, items: Any, place: int) -> Any:
        """The value, a little different from the ones before it where its schema leaves room."""
        if not place or not isinstance(items, dict):
            return value
        settled = self._settled(items, _DEEPEST)
        if isinstance(settled.get("enum"), list) and settled["enum"]:
            return settled["enum"][place % len(settled["enum"])]
        if isinstance(value, str) and not settled.keys() & {"pattern", "format", "maxLength", "const"}:
            return f"{value} {place + 1}"
        if isinstance(value, int | float) and not isinstance(value, bool) and "const" not in settled:
            low, high = _bounds(settled, whole=True)
            step = _number(settled.get("multipleOf")) or 1
            moved = value + place * step
            return moved if low <= moved <= high else value
        return value

    def _object(self, schema: dict[str, Any], name: str, depth: int) -> dict[str, Any]:
        properties = table(schema.get("properties"))
        required = [key for key in schema.get("required") or [] if isinstance(key, str)]
        order = [key for key in schema.get("propertyOrdering") or [] if key in properties]
        wanted = dict.fromkeys([*order, *properties, *required])
        if depth >= _DEEPEST:
            wanted = dict.fromkeys(required)
        extra = schema.get("additionalProperties", True)
        made = {key: self.value(properties.get(key, extra), key, depth + 1) for key in wanted}
        for place in range((_length(schema, "minProperties", 0) or 0) - len(made)):
            made[f"key{place + 1}"] = self.value(extra, "key", depth + 1)
        return made


def _without(schema: dict[str, Any], word: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != word}


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two schemas that both must hold, as far as a value maker needs it."""
    both = {**one, **other}
    if isinstance(one.get("properties"), dict) and isinstance(other.get("properties"), dict):
        both["properties"] = {**one["properties"], **other["properties"]}
    if isinstance(one.get("required"), list) and isinstance(other.get("required"), list):
        both["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    for word, strictest in (("minimum", max), ("maximum", min), ("minLength", max), ("maxLength", min)):
        if _number(one.get(word)) is not None and _number(other.get(word)) is not None:
            both[word] = strictest(one[word], other[word])
    return both


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _length(schema: dict[str, Any], word: str, otherwise: int | None) -> int | None:
    """A count in a schema; Gemini writes them as text."""
    value = schema.get(word)
    if isinstance(value, str) and value.isdigit():
        return int(value)
    number = _number(value)
    return otherwise if number is None else int(number)


def _bounds(schema: dict[str, Any], whole: bool) -> tuple[float, float]:
    low, high = _number(schema.get("minimum")), _number(schema.get("maximum"))
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    nudge = 1.0 if whole else 0.5
    if over is True and low is not None:
        low += nudge
    elif (above := _number(over)) is not None:
        low = max(above + nudge, low if low is not None else above + nudge)
    if under is True and high is not None:
        high -= nudge
    elif (below := _number(under)) is not None:
        high = min(below - nudge, high if high is not None else below - nudge)
    least = low if low is not None else min(0.0, high if high is not None else 0.0)
    most = high if high is not None else max(1000.0, least)
    if not whole and least > most:
        least = most = ((_number(over) or least) + (_number(under) or most)) / 2
    return (ceil(least), floor(most)) if whole else (least, most)
