"""The key chosen in the workbench is the key of the person's calls, everywhere."""

from playwright.sync_api import expect

from accounts.demo import OWNER
from accounts.models import Key, User
from tests.browser.bench import WAIT_MS, Bench


def second_key() -> Key:
    first = Key.objects.get(team__name="Demo team")
    return Key.objects.create(
        team=first.team, owner=first.owner, gateway=first.gateway, name="Second key", mask="sk-…second",
        secret="sk-second-0123456789", shared_with="team",
    )  # fmt: skip


def test_the_key_chosen_here_is_shown_above_and_chosen_after_a_reload(sign_in):
    key = second_key()
    bench = Bench(sign_in(OWNER)).open("chat-basic")

    bench.page.get_by_label("Key to send with").select_option(str(key.pk))

    expect(bench.page.locator(".key-chip")).to_contain_text("Second key", timeout=WAIT_MS)
    assert User.objects.get(email=OWNER).memberships.get(team=key.team).chosen_key == key
    bench.page.reload()
    expect(bench.settled().page.locator('.request [data-part="key"]')).to_have_value(str(key.pk))
    assert bench.told == []


def test_a_key_chosen_among_the_keys_is_the_one_the_workbench_sends_with(sign_in):
    key = second_key()
    page = sign_in(OWNER)
    bench = Bench(page).open("chat-basic")
    User.objects.get(email=OWNER).memberships.get(team=key.team).choose(key)

    bench.open("chat-basic")

    expect(page.locator('.request [data-part="key"]')).to_have_value(str(key.pk))
