"""Whether an answer is as a check demands. Knows no database and no network: an answer and a demand in, an outcome out."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from playground.models import Check

LONGEST_TOLD = 300
MOST_SECONDS, MOST_COST = 86_400, 1_000_000
_FENCE = re.compile(r"```(?:json)?[^\S\n]*\n(.*?)```", re.DOTALL)


class BadDemand(ValueError):
    """A demand that no answer could be held against; the text is a sentence for the person."""


@dataclass(frozen=True)
class Answer:
    """What a run gave: its text, its JSON if it has any, how long it took and what it cost."""

    text: str = ""
    value: Any = None
    has_value: bool = False
    total_ms: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """Whether a demand was met; else a code for what was found instead, and the thing found."""

    passed: bool
    code: str = ""
    found: str = ""


def judge(kind: str, path: str, expected: str, answer: Answer) -> Outcome:
    """Hold a demand against an answer."""
    try:
        outcome = _JUDGES[Check.Kind(kind)](path, expected, answer)
    except BadDemand as error:
        return Outcome(False, "bad_demand", str(error)[:LONGEST_TOLD])
    return Outcome(outcome.passed, outcome.code, outcome.found[:LONGEST_TOLD])


def words_of(code: str, found: str) -> str:
    """What was found instead, in the language of the page."""
    words = {
        "absent": _("not in the answer"),
        "present": _("it is in the answer"),
        "no_json": _("the answer is no JSON"),
        "schema_refers": _("the schema refers to what it does not hold"),
        "nothing": _("nothing is there"),
        "value": _("is %(found)s"),
        "no_time": _("how long it took is not known"),
        "took": _("took %(found)s s"),
        "no_cost": _("what it cost is not known"),
        "cost": _("cost %(found)s"),
    }
    return words.get(code, "%(found)s") % {"found": found} if code or found else ""


def check_demand(kind: str, path: str, expected: str) -> None:
    """Refuse what no answer could be held against. Raises BadDemand."""
    if not expected.strip():
        raise BadDemand(_("Say what is expected."))
    if kind == Check.Kind.SCHEMA:
        _schema(expected)
    elif kind == Check.Kind.PATH:
        _query(path)
        _value(expected)
    elif kind == Check.Kind.TIME:
        _number(expected, MOST_SECONDS)
    elif kind == Check.Kind.COST:
        _number(expected, MOST_COST)


def answer_of(frames: list[dict[str, Any]], total_ms: int | None, cost: Decimal | None) -> Answer:
    """The answer that frames tell: the first candidate's text; as JSON its text, a fenced part of it, or its whole value."""
    text = "".join(frame["text"] for frame in frames if frame["kind"] == "text" and not frame.get("index"))
    whole = next((frame["value"] for frame in frames if frame["kind"] == "json"), None)
    fence = _FENCE.search(text)
    for candidate in (text, fence[1] if fence else ""):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return Answer(text, value, True, total_ms, cost)
    return Answer(text, whole, whole is not None, total_ms, cost)


def _contains(path: str, expected: str, answer: Answer) -> Outcome:
    return Outcome(True) if expected in answer.text else Outcome(False, "absent")


def _lacks(path: str, expected: str, answer: Answer) -> Outcome:
    return Outcome(False, "present") if expected in answer.text else Outcome(True)


def _matches_schema(path: str, expected: str, answer: Answer) -> Outcome:
    if not answer.has_value:
        return Outcome(False, "no_json")
    documents = _documents()
    try:
        fault = documents.fault(_schema(expected), answer.value)
    except documents.NotHeld:
        return Outcome(False, "schema_refers")
    return Outcome(False, "schema", fault) if fault else Outcome(True)


def _equals_at_path(path: str, expected: str, answer: Answer) -> Outcome:
    if not answer.has_value:
        return Outcome(False, "no_json")
    found = _query(path).values(answer.value)
    wanted = _value(expected)
    if _same(found, wanted) or (len(found) == 1 and _same(found[0], wanted)):
        return Outcome(True)
    if not found:
        return Outcome(False, "nothing")
    return Outcome(False, "value", json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False))


def _within_time(path: str, expected: str, answer: Answer) -> Outcome:
    if answer.total_ms is None:
        return Outcome(False, "no_time")
    seconds = Decimal(answer.total_ms) / 1000
    return Outcome(seconds <= _number(expected, MOST_SECONDS), "took", f"{seconds:.2f}")


def _within_cost(path: str, expected: str, answer: Answer) -> Outcome:
    if answer.cost is None:
        return Outcome(False, "no_cost")
    return Outcome(answer.cost <= _number(expected, MOST_COST), "cost", f"{answer.cost:f}")


_JUDGES = {
    Check.Kind.CONTAINS: _contains,
    Check.Kind.LACKS: _lacks,
    Check.Kind.SCHEMA: _matches_schema,
    Check.Kind.PATH: _equals_at_path,
    Check.Kind.TIME: _within_time,
    Check.Kind.COST: _within_cost,
}


def _schema(expected: str) -> Any:
    schema = _value(expected)
    if not _documents().is_schema(schema):
        raise BadDemand(_("This is no JSON schema."))
    return schema


def _query(path: str) -> Any:
    try:
        return _documents().Query(path)
    except ValueError as error:
        raise BadDemand(_("This is no JSONPath; it begins with $, as in $.lines[0].sku.")) from error


def _documents() -> ModuleType:
    """Schemas and paths: with their libraries 20 MiB that an idle server need not hold."""
    from playground.checks import documents

    return documents


def _value(expected: str) -> Any:
    try:
        return json.loads(expected)
    except (ValueError, RecursionError) as error:
        raise BadDemand(_("This is no JSON; a text stands in double quotes.")) from error


def _number(expected: str, most: int) -> Decimal:
    try:
        number = Decimal(expected.strip())
    except InvalidOperation as error:
        raise BadDemand(_("This is no number.")) from error
    if not (number.is_finite() and 0 < number <= most):
        raise BadDemand(_("This number is too small or too large."))
    return number


def _same(one: Any, other: Any) -> bool:
    """As JSON sees it: 1 and 1.0 are one number, true is none."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
