"""What people save, say, compare, check and keep, tried by every kind of person: the rest of the table beside this one."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from playground.models import (
    Attachment,
    Check,
    CheckRound,
    Comment,
    Comparison,
    ComparisonVote,
    Keeping,
    Run,
    SavedFolder,
    Suggestion,
    Variable,
    WaitingAnswer,
)
from tests.rights.everybody import ADMINS, EVERYBODY, OUTSIDERS, TEAM, WRITERS, browser
from tests.rights.things import CALL, Room
from tests.rights.trying import Looks, Wish, addresses, happens, is_as_if_missing, look, told

# --- looking ------------------------------------------------------------------------------------------------------

LOOKS: Looks[Room] = {
    "saved_news": (lambda r: f"/saved/{r.things.saved.pk}/news.json", TEAM),
    "saved_news (private)": (lambda r: f"/saved/{r.things.private_saved.pk}/news.json", ()),
    "checks_of": (lambda r: f"/checks/{r.things.saved.pk}/", TEAM),
    "checks_of (private)": (lambda r: f"/checks/{r.things.private_saved.pk}/", ()),
    "check_round": (lambda r: f"/checks/rounds/{r.round.pk}/", TEAM),
    "comparison": (lambda r: f"/compare/{r.comparison.pk}/", TEAM),
    "comparison_waiting": (lambda r: f"/compare/{r.comparison.pk}/waiting.json", TEAM),
    "comparison_waiting (private)": (lambda r: f"/compare/{r.private_comparison.pk}/waiting.json", ()),
    "comparison (private)": (lambda r: f"/compare/{r.private_comparison.pk}/", ()),
    "comparison_new (of a run)": (lambda r: f"/compare/new/?run={r.things.run.uuid}", TEAM),
    "comparison_new (private)": (lambda r: f"/compare/new/?saved={r.things.private_saved.pk}", ()),
    "attachment": (lambda r: f"/attachments/{r.result.pk}/", TEAM),
    "attachment (private)": (lambda r: f"/attachments/{r.upload.pk}/", ()),
    "attachment_about": (lambda r: f"/attachments/{r.result.pk}.json", TEAM),
    "attachment_about (private)": (lambda r: f"/attachments/{r.upload.pk}.json", ()),
}

# What lists and searches tell outsiders: nothing of the team.
LISTS = {
    "/compare/", "/checks/", "/saved/?folder=Finance", "/saved/?q=Private", "/saved/folders.json", "/saved/variables/",
    "/saved/variables.json", "/palette.json", "/palette.json?q=Private", "/palette.json?q=holder", "/history/?q=Private",
    "/history/news/", "/history/export.csv", "/history/export.jsonl", "/runs/latest?operation=chat-stream",
    "/compare/new/", "/notices/", "/links/",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_what_is_shared_is_seen_by_the_team_and_missing_for_all_others(room: Room, who: str) -> None:
    look(LOOKS, room, who)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_lists_and_searches_name_nothing_of_the_team_to_others_and_nothing_private_to_teammates(
    room: Room, who: str
) -> None:
    private = (str(room.things.private_saved.pk), str(room.private_comparison.pk), "of_holder", str(room.upload.pk))

    for path in LISTS:
        answer = browser(who).get(path)
        status, said = answer.status_code, _said(answer)
        assert not [name for name in private if name in said], (path, who)
        if who in TEAM:
            assert status == 200, (path, who, status)
        else:
            asked = path.partition("?")[2].rpartition("=")[2]
            named = [
                name for name in ("Demo team", "Private", "Finance", "of_team", "holder@", str(room.things.run.uuid))
                if name != asked and name in said
            ]  # fmt: skip
            assert not named, (path, who, named)
            assert status in (200, 302, 401), (path, who)


def _said(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.django_db
def test_a_round_tells_nobody_of_requests_they_do_not_see(room: Room) -> None:
    said = browser("owner").get(f"/checks/rounds/{room.round.pk}/").content.decode()

    assert "Private check" not in said


# --- doing --------------------------------------------------------------------------------------------------------


def _again(thing: Any) -> Any:
    return type(thing).objects.filter(pk=thing.pk).first()


def _version(room: Room) -> int:
    return _again(room.editable).version


def _comments(room: Room) -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("text", flat=True))


DESCRIBE: Wish[Room] = Wish(
    lambda r: f"/saved/{r.editable.pk}/describe/", WRITERS, lambda r: _again(r.editable).name,
    lambda r: {"name": "Renamed"},
)  # fmt: skip
VERSION: Wish[Room] = Wish(
    lambda r: f"/saved/{r.editable.pk}/versions/", WRITERS, _version, lambda r: {"after": 1, "call": CALL}, json=True
)
MOVE: Wish[Room] = Wish(
    lambda r: f"/saved/{r.editable.pk}/move/", WRITERS, lambda r: _again(r.editable).folder,
    lambda r: {"folder": "Finance"},
)  # fmt: skip
COMMENT: Wish[Room] = Wish(
    lambda r: f"/saved/{r.things.saved.pk}/comments/", TEAM, _comments, lambda r: {"text": "Hello"}
)
SUGGEST: Wish[Room] = Wish(
    lambda r: f"/saved/{r.things.saved.pk}/suggestions/", WRITERS, lambda r: Suggestion.objects.count(),
    lambda r: {"after": 1, "call": CALL, "message": "Longer"}, json=True,
)  # fmt: skip
CHECK: Wish[Room] = Wish(
    lambda r: f"/checks/{r.editable.pk}/add/", WRITERS, lambda r: Check.objects.count(),
    lambda r: {"kind": "contains", "expected": "y"},
)  # fmt: skip
DIFFER: Wish[Room] = Wish(
    lambda r: f"/saved/{r.things.saved.pk}/differences/", (), lambda r: 0, lambda r: {"call": CALL}, json=True
)
DOCUMENT: Wish[Room] = Wish(
    lambda r: f"/compare/{r.comparison.pk}/document.json", (), lambda r: _again(r.comparison).title,
    lambda r: {"title": "Mine now", "version": 1, "document": r.comparison.document}, json=True, verb="put",
)  # fmt: skip
VOTE: Wish[Room] = Wish(
    lambda r: f"/compare/{r.comparison.pk}/vote/", TEAM, lambda r: ComparisonVote.objects.count(),
    lambda r: {"run": str(r.things.run.uuid), "is_blind": True}, json=True,
)  # fmt: skip
WAIT: Wish[Room] = Wish(
    lambda r: f"/compare/{r.comparison.pk}/waiting.json", (), lambda r: WaitingAnswer.objects.count(),
    lambda r: {"starts": []}, json=True,
)  # fmt: skip
SHARE: Wish[Room] = Wish(
    lambda r: f"/compare/{r.comparison.pk}/share/", (), lambda r: _again(r.comparison).is_shared,
    lambda r: {"is_shared": False}, json=True,
)  # fmt: skip
FORK: Wish[Room] = Wish(lambda r: f"/compare/{r.comparison.pk}/fork/", WRITERS, lambda r: Comparison.objects.count())
DELETE: Wish[Room] = Wish(lambda r: f"/compare/{r.comparison.pk}/delete/", (), lambda r: Comparison.objects.count())
CHECKS_RUN: Wish[Room] = Wish(
    lambda r: "/checks/run/", WRITERS, lambda r: CheckRound.objects.count(), lambda r: {"request": str(r.editable.pk)}
)

WISHES: dict[str, Wish[Room]] = {
    "saved_new": Wish(
        lambda r: "/saved/new/", WRITERS, lambda r: r.things.team.saved_requests.count(),
        lambda r: {"operation": "chat-basic", "call": CALL, "name": "New"}, json=True,
    ),
    "saved_describe": DESCRIBE,
    "saved_version": VERSION,
    "saved_version (to be run only)": VERSION.on_private(lambda r: f"/saved/{r.things.saved.pk}/versions/"),
    "saved_version (private)": VERSION.on_private(lambda r: f"/saved/{r.things.private_saved.pk}/versions/"),
    "saved_restore": Wish(
        lambda r: f"/saved/{r.editable.pk}/restore/", WRITERS, _version, lambda r: {"version": "1", "after": "1"}
    ),
    "saved_share": Wish(
        lambda r: f"/saved/{r.editable.pk}/share/", (), lambda r: _again(r.editable).visibility,
        lambda r: {"visibility": "me", "team_right": "run"},
    ),
    "saved_delete": Wish(
        lambda r: f"/saved/{r.editable.pk}/delete/", (), lambda r: r.things.team.saved_requests.count()
    ),
    "saved_move": MOVE,
    "saved_move (to be run only)": MOVE.on_private(lambda r: f"/saved/{r.things.saved.pk}/move/"),
    "saved_move (private)": MOVE.on_private(lambda r: f"/saved/{r.things.private_saved.pk}/move/"),
    "saved_differences": DIFFER,
    "saved_differences (private)": DIFFER.on_private(lambda r: f"/saved/{r.things.private_saved.pk}/differences/"),
    "saved_run (private)": Wish(
        lambda r: f"/saved/{r.things.private_saved.pk}/run/", (), lambda r: Run.objects.count()
    ),
    "saved_comment": COMMENT,
    "saved_comment (private)": COMMENT.on_private(lambda r: f"/saved/{r.things.private_saved.pk}/comments/"),
    "run_comment": replace(COMMENT, address=lambda r: f"/runs/{r.things.run.uuid}/comments/"),
    "comment_reword": Wish(lambda r: f"/comments/{r.comment.pk}/", (), _comments, lambda r: {"text": "Other"}),
    "comment_remove": Wish(lambda r: f"/comments/{r.comment.pk}/remove/", (), _comments),
    "saved_suggest": SUGGEST,
    "saved_suggest (private)": SUGGEST.on_private(lambda r: f"/saved/{r.things.private_saved.pk}/suggestions/"),
    "suggestion_accept": Wish(
        lambda r: f"/saved/{r.editable.pk}/suggestions/{r.suggestion.pk}/accept/", WRITERS, _version,
        lambda r: {"after": "1"},
    ),
    "suggestion_accept (by another request)": Wish(
        lambda r: f"/saved/{r.things.saved.pk}/suggestions/{r.suggestion.pk}/accept/", (), _version,
        lambda r: {"after": "1"},
    ),
    "suggestion_decline": Wish(
        lambda r: f"/saved/{r.editable.pk}/suggestions/{r.suggestion.pk}/decline/", WRITERS,
        lambda r: _again(r.suggestion).state,
    ),
    "folder_make": Wish(
        lambda r: "/saved/folders/", WRITERS, lambda r: SavedFolder.objects.filter(team=r.things.team).count(),
        lambda r: {"name": "New"},
    ),
    "folder_rename": Wish(
        lambda r: "/saved/folders/rename/", WRITERS,
        lambda r: list(SavedFolder.objects.filter(team=r.things.team).values_list("path", flat=True)),
        lambda r: {"path": "Finance", "name": "Money"},
    ),
    "folder_remove": Wish(
        lambda r: "/saved/folders/remove/", WRITERS, lambda r: SavedFolder.objects.filter(team=r.things.team).count(),
        lambda r: {"path": "Finance"},
    ),
    "variable_keep": Wish(
        lambda r: "/saved/variables/keep/", WRITERS, lambda r: Variable.objects.filter(team=r.things.team).count(),
        lambda r: {"name": "more", "value": "x", "whose": "team"},
    ),
    "variable_forget": Wish(
        lambda r: f"/saved/variables/{r.variable.pk}/forget/", WRITERS, lambda r: Variable.objects.count()
    ),
    "variable_forget (private)": Wish(
        lambda r: f"/saved/variables/{r.private_variable.pk}/forget/", (), lambda r: Variable.objects.count()
    ),
    "comparison_new": Wish(
        lambda r: "/compare/new/", WRITERS, lambda r: Comparison.objects.filter(team=r.things.team).count(),
        lambda r: {"title": "", "document": r.comparison.document}, json=True,
    ),
    "comparison_document": DOCUMENT,
    "comparison_document (private)": DOCUMENT.on_private(lambda r: f"/compare/{r.private_comparison.pk}/document.json"),
    "comparison_vote": VOTE,
    "comparison_vote (private)": VOTE.on_private(lambda r: f"/compare/{r.private_comparison.pk}/vote/"),
    "comparison_share": SHARE,
    "comparison_share (private)": SHARE.on_private(lambda r: f"/compare/{r.private_comparison.pk}/share/"),
    "comparison_waiting": WAIT,
    "comparison_waiting (private)": WAIT.on_private(lambda r: f"/compare/{r.private_comparison.pk}/waiting.json"),
    "comparison_fork": FORK,
    "comparison_fork (private)": FORK.on_private(lambda r: f"/compare/{r.private_comparison.pk}/fork/"),
    "comparison_delete": DELETE,
    "comparison_delete (private)": DELETE.on_private(lambda r: f"/compare/{r.private_comparison.pk}/delete/"),
    "checks_run": CHECKS_RUN,
    "checks_run (private)": replace(
        CHECKS_RUN, allowed=(), form=lambda r: {"request": str(r.things.private_saved.pk)}
    ),
    "check_round_stop": Wish(
        lambda r: f"/checks/rounds/{r.round.pk}/stop/", (), lambda r: _again(r.round).stop_asked
    ),
    "check_add": CHECK,
    "check_add (to be run only)": CHECK.on_private(lambda r: f"/checks/{r.things.saved.pk}/add/"),
    "check_add (private)": CHECK.on_private(lambda r: f"/checks/{r.things.private_saved.pk}/add/"),
    "check_remove": Wish(
        lambda r: f"/checks/{r.editable.pk}/{r.check.pk}/remove/", WRITERS, lambda r: Check.objects.count()
    ),
    "check_remove (by another request)": Wish(
        lambda r: f"/checks/{r.things.saved.pk}/{r.check.pk}/remove/", (), lambda r: Check.objects.count()
    ),
    "run_marks": Wish(
        lambda r: f"/runs/{r.things.run.uuid}/marks/", WRITERS, lambda r: _again(r.things.run).is_starred,
        lambda r: {"starred": "1"},
    ),
    "run_delete": Wish(
        lambda r: f"/runs/{r.things.run.uuid}/delete/", ADMINS, lambda r: _again(r.things.run) is None,
        lambda r: {"name": str(r.things.run.uuid)[:8]},
    ),
    "history_keeping": Wish(
        lambda r: "/history/keeping/", ADMINS, lambda r: Keeping.of(r.things.team.pk).days,
        lambda r: {"what": "everything", "days": "7", "mebibytes": ""},
    ),
    "upload": Wish(
        lambda r: "/attachments/", WRITERS, lambda r: Attachment.objects.filter(team=r.things.team).count(),
        lambda r: {"file": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n....", "image/png")},
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_wishes_come_true_for_those_who_may_and_for_nobody_else(room: Room, who: str) -> None:
    for name, wish in WISHES.items():
        happens(wish, name, room, who)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_who_does_not_see_a_thing_hears_the_same_as_of_one_that_is_missing(room: Room, who: str) -> None:
    for name, wish in WISHES.items():
        if who in OUTSIDERS or name.endswith("(private)"):
            is_as_if_missing(wish, name, room, who)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_a_private_request_cannot_be_named_in_what_is_sent_either(room: Room, who: str) -> None:
    private, missing = str(room.things.private_saved.pk), "00000000-0000-4000-8000-000000000000"

    said = [told(browser(who).post("/checks/run/", {"request": named})) for named in (private, missing)]

    assert said[0] == said[1]


# --- nothing slips past ---------------------------------------------------------------------------------------------

ROOMS = (
    "attachment", "check", "comment", "comparison", "folder", "history", "notices", "palette", "run", "saved", "share",
    "suggestion", "upload", "variable",
)  # fmt: skip
# One's own, whoever one is; and what the table beside this one tries.
OWN = {"notices_seen", "run", "run_request", "run_picture", "run_again", "share_run"}
ELSEWHERE = {"saved", "saved_request", "saved_call", "saved_fork", "shared", "shared_call", "history"}


def test_every_address_of_these_rooms_is_tried() -> None:
    tried = {name.partition(" ")[0] for name in (*LOOKS, *WISHES)} | OWN | ELSEWHERE
    listed = {path.partition("?")[0].removeprefix("/") for path in LISTS} | {"history/export.<str:kind>"}

    untried = {
        name for name, route in addresses() if name.startswith(ROOMS) and name not in tried and route not in listed
    }

    assert not untried, f"say who may use {', '.join(sorted(untried))}"
