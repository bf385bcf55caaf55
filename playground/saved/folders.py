"""Folders of saved requests: a tree of paths, made of what the requests say and of folders somebody made."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Team, User
from playground.models import Right, SavedFolder, SavedRequest
from playground.models.saved import below
from playground.models.saved.folders import LONGEST_PATH

DEEPEST = 6


class NoFolder(ValueError):
    """A path that no folder can have: too long, too deep, or within itself."""


@dataclass
class Branch:
    """A folder with those within it. `count` is how many requests stand in it and below, `number` its own in the tree."""

    path: str
    name: str
    number: int = 0
    count: int = 0
    within: "list[Branch]" = field(default_factory=list)


def tidied(path: str) -> str:
    """`a / b/` and `a/b` are one folder. Raises NoFolder."""
    parts = [part.strip() for part in path.split("/")]
    tidy = "/".join(part for part in parts if part)
    if len(tidy) > LONGEST_PATH or tidy.count("/") >= DEEPEST:
        raise NoFolder
    return tidy


def tree_of(paths: Iterable[tuple[str, int]]) -> list[Branch]:
    """The folders as a tree, by name; `paths` say how many requests stand in each."""
    root, made = Branch("", ""), 0
    for path, count in sorted(paths):
        branch = root
        for part in path.split("/") if path else ():
            whole = f"{branch.path}/{part}" if branch.path else part
            child = next((each for each in branch.within if each.path == whole), None)
            if child is None:
                made += 1
                child = Branch(whole, part, made)
                branch.within.append(child)
            branch = child
            branch.count += count
    return root.within


@transaction.atomic
def rename(team: Team, person: User, old: str, new: str) -> int:
    """Let the folder `old` and all within it be called `new`. Returns how many requests stay, because `person` may not edit them.

    Raises NoFolder.
    """
    if not new or new == old or new.startswith(f"{old}/"):
        raise NoFolder
    stay = 0
    for request in _visible(team, person, old):
        if request.right_of(person) is Right.EDIT:
            _move(request, tidied(new + request.folder[len(old) :]))
        else:
            stay += 1
    for folder in SavedFolder.objects.filter(below(old, "path"), team=team):
        SavedFolder.objects.get_or_create(team=team, path=tidied(new + folder.path[len(old) :]))
        folder.delete()
    SavedFolder.objects.get_or_create(team=team, path=new)
    return stay


@transaction.atomic
def remove(team: Team, person: User, path: str) -> int:
    """Take a folder away; what stands in it moves up. Returns how many requests stay, because `person` may not edit them."""
    above, stay = path.rpartition("/")[0], 0
    for request in _visible(team, person, path):
        if request.right_of(person) is Right.EDIT:
            _move(request, _lifted(request.folder, path, above))
        else:
            stay += 1
    for folder in SavedFolder.objects.filter(below(path, "path"), team=team).exclude(path=path):
        SavedFolder.objects.get_or_create(team=team, path=_lifted(folder.path, path, above))
        folder.delete()
    SavedFolder.objects.filter(team=team, path=path).delete()
    return stay


def _visible(team: Team, person: User, path: str) -> list[SavedRequest]:
    seen = SavedRequest.objects.visible_to(person).filter(below(path), team=team)
    return list(seen.select_related("team", "owner"))


def _lifted(path: str, gone: str, above: str) -> str:
    return "/".join(part for part in (above, path[len(gone) :].strip("/")) if part)


def _move(request: SavedRequest, folder: str) -> None:
    request.folder = folder
    request.save(update_fields=["folder"])
