"""The pages of the data models, and the catalogue as OpenAPI."""

import json
import re

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import Membership, Role, Team, User
from playground import catalogue
from playground.catalogue import uses
from playground.exchange.model_example import example_of

pytestmark = pytest.mark.django_db

MODELS = uses.models()


@pytest.fixture
def member() -> Client:
    browser = Client()
    person = User.objects.create_user("member@example.com", password="x")
    Membership.objects.create(user=person, team=Team.objects.create(name="Ours"), role=Role.MEMBER)
    browser.force_login(person)
    return browser


def test_there_are_43_models() -> None:
    assert len(MODELS) == 43


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_model_has_a_page_with_its_fields(language: str, member: Client) -> None:
    for model in MODELS:
        answer = member.get(f"/schemas/{model.id}/", headers={"Accept-Language": language})

        page = answer.content.decode()
        assert answer.status_code == 200
        for field in catalogue.parameters(model).parameters:
            assert f">{field.name.rpartition('.')[2]}" in page
            assert (field.en if language == "en" else field.zh).split("<")[0][:20].split("'")[0].split('"')[0] in page


def test_an_example_has_every_field_that_stands_at_the_top() -> None:
    for model in MODELS:
        example = example_of(model)
        names = {field.name.split(".")[0].removesuffix("[]") for field in catalogue.parameters(model).parameters}

        assert set(example) == names


def test_models_lead_to_the_operations_that_use_them_and_back(member: Client) -> None:
    for model in MODELS:
        page = member.get(f"/schemas/{model.id}/").content.decode()
        users = [row.id for row in uses.users_of(model) if row.kind == "operation"]

        assert re.findall(r'href="/\?operation=([\w-]+)"', page) == users
        for user in users:
            assert model.id in {each["id"] for each in member.get(f"/operations/{user}.json").json()["models"]}


def test_every_link_to_a_model_leads_somewhere(member: Client) -> None:
    ids = {model.id for model in MODELS}
    for model in MODELS:
        page = member.get(f"/schemas/{model.id}/").content.decode()

        assert set(re.findall(r'href="/schemas/([\w-]+)/"', page)) <= ids


def test_the_tree_leads_to_the_models(member: Client) -> None:
    page = member.get("/").content.decode()

    assert [model.id for model in MODELS if f'href="/schemas/{model.id}/"' not in page] == []


def test_an_operation_is_no_model(member: Client) -> None:
    assert member.get("/schemas/chat-basic/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_catalogue_is_told_as_openapi(language: str, member: Client) -> None:
    document = member.get("/operations/openapi.json", headers={"Accept-Language": language}).json()

    rows = [row for row in catalogue.operations() if row.kind == "operation"]
    assert document["openapi"] == "3.1.0"
    assert {(method.upper(), path) for path, methods in document["paths"].items() for method in methods} == {
        (row.method, row.route) for row in rows
    }
    for place in re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)):
        assert place in document["components"]["schemas"]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_place_in_a_path_is_a_parameter(member: Client) -> None:
    document = member.get("/operations/openapi.json").json()

    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
            assert sorted(named) == sorted(re.findall(r"{(\w+)}", path))
