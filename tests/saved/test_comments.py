"""Comments on saved requests and runs: written, reworded and taken away by their author, told to those they name."""

import pytest

from accounts.demo import MEMBER, OWNER
from accounts.models import User
from playground.models import Comment, Notice
from playground.saved.talking import mentioned_in, pieces_of
from tests.saved.conftest import sent, share
from tests.views.runs_made import make_run


@pytest.fixture
def run(team, owner):
    return make_run(team, owner)


@pytest.fixture
def shared(client, saved):
    share(client, saved, "team")
    sent().clear()
    Notice.objects.all().delete()
    return saved


@pytest.mark.parametrize("on", ["saved", "run"])
def test_who_is_named_learns_it_in_the_site_and_by_mail(client, client_of, shared, run, member, on):
    address = f"/saved/{shared.pk}/" if on == "saved" else f"/runs/{run.uuid}/"

    client.post(address + "comments/", {"text": "Does this hold, @Max Member? <b>"})

    page = client_of(MEMBER).get(address).content.decode()
    assert 'class="mention">@Max Member</strong>? &lt;b&gt;' in page
    assert [message.to for message in sent()] == [[MEMBER]]
    assert address in sent()[0].body
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.words) == (member, "mentioned", "Does this hold, @Max Member? <b>")
    assert notice.seen_at is not None
    assert f'href="{address}#comments"' in client_of(MEMBER).get("/notices/").content.decode()


def test_who_has_seen_a_comment_is_told(client, client_of, shared):
    client.post(f"/saved/{shared.pk}/comments/", {"text": "Look"})
    assert "Not seen by others yet" in client.get(f"/saved/{shared.pk}/").content.decode()

    client_of(MEMBER).get(f"/saved/{shared.pk}/")

    assert "Seen by Max Member" in client.get(f"/saved/{shared.pk}/").content.decode()


def test_the_owner_of_what_is_commented_on_learns_it_in_the_site(client_of, shared, owner):
    client_of(MEMBER).post(f"/saved/{shared.pk}/comments/", {"text": "Nice"})

    assert [(each.user, each.kind) for each in Notice.objects.all()] == [(owner, "commented")]
    assert sent() == []


def test_only_the_author_rewords_and_deletes_and_only_new_names_are_told(client, client_of, shared):
    client.post(f"/saved/{shared.pk}/comments/", {"text": "@member look"})
    comment = Comment.objects.get()
    for deed in ("", "remove/"):
        assert client_of(MEMBER).post(f"/comments/{comment.pk}/{deed}", {"text": "x"}).status_code == 404

    client.post(f"/comments/{comment.pk}/", {"text": "@member look again"})
    comment.refresh_from_db()
    assert (comment.text, comment.edited_at is not None, len(sent())) == ("@member look again", True, 1)

    client.post(f"/comments/{comment.pk}/remove/")
    assert not Comment.objects.exists()


def test_others_and_those_who_do_not_see_the_thing_say_nothing(client_of, stranger_client, saved, run):
    assert client_of(MEMBER).post(f"/saved/{saved.pk}/comments/", {"text": "x"}).status_code == 404
    for address in (f"/saved/{saved.pk}/comments/", f"/runs/{run.uuid}/comments/"):
        assert stranger_client.post(address, {"text": "x"}).status_code == 404
    assert not Comment.objects.exists()


def test_nobody_is_named_who_does_not_see_it(client, saved):
    client.post(f"/saved/{saved.pk}/comments/", {"text": "@member look"})

    assert Comment.objects.get().mentioned == []
    assert sent() == []


def test_comments_go_with_what_they_are_on(client, shared, run):
    client.post(f"/saved/{shared.pk}/comments/", {"text": "x"})
    client.post(f"/runs/{run.uuid}/comments/", {"text": "y"})

    shared.delete()
    run.delete()

    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ana Ruiz and @Ana", ["Ana Ruiz", "Ana"]),
        ("@anabel is nobody, nor is me@ana.org", []),
        ("@王芳请看", ["王芳"]),
        ("@ANA, @ana", ["Ana"]),
        ("@", []),
    ],
)
def test_names_are_found_behind_an_at_the_longest_first(text, named):
    people = [User(pk=n, name=name, email=f"p{n}@example.com") for n, name in enumerate(("Ana", "Ana Ruiz", "王芳"), 1)]

    assert [person.name for person in mentioned_in(text, people)] == named
    assert "".join(piece.text for piece in pieces_of(text, people)) == text


def test_odd_letters_are_kept_or_taken_out(client, shared):
    client.post(f"/saved/{shared.pk}/comments/", {"text": "a\0b"})
    client.post(f"/saved/{shared.pk}/comments/", {"text": "x" * 9000})
    client.post(f"/saved/{shared.pk}/comments/", {"text": "\0 "})

    assert [len(each.text) for each in Comment.objects.order_by("id")] == [2, 4000]


def test_pages_with_comments_speak_chinese(client, client_of, shared, run):
    client.post(f"/runs/{run.uuid}/comments/", {"text": "@member"})

    for address in (f"/runs/{run.uuid}/", f"/saved/{shared.pk}/"):
        assert "评论" in client_of(OWNER, "zh-hans").get(address).content.decode()
