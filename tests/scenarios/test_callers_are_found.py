"""Who rings is found in an org, however their number was typed in: by indexed queries, on a miss by a search."""

import pytest

from connector.commands import Send
from connector.messages import Answer
from mocksf.org import Org
from tests.client import Client
from tests.connector.talk import Talk, a_connector


def look_up(org: Org, phone: str) -> tuple[str | None, list[str]]:
    """The id of the contact that a lookup finds, and the resources that were asked."""
    sf, talk = Client(org), Talk(a_connector())

    def answer(command: Send) -> Answer:
        request = command.request
        found = sf.send(request.method, request.path, request.body)
        return Answer(found.status, found.body)

    result = talk.run(talk.connector.looked_up(phone), answer)
    asked = [request.path.partition("?")[0].rpartition("/")[2] for request in talk.sent]
    return (result.caller.contact_id if result.caller else None), asked


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("+14155550100", "(415) 555-0100"),
        ("+14155550100", "+1 415-555-0100"),
        ("+4930123456", "030 123456"),
    ],
)
def test_the_usual_forms_are_found_by_a_query(org: Org, phone: str, stored: str):
    contact = Client(org).create("Contact", LastName="Berg", Phone=stored)

    assert look_up(org, phone) == (contact, ["composite"])


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("+14155550100", "415 / 555 / 0100"),
        ("+14155550100", "1 (415) 555.0100"),
        ("+14155550100", "[415] 5550100 ext. 7"),
        ("+4930123456", "+49 / 30 / 12 34 56"),
        ("+4930123456", "(030) 12-34-56"),
        ("+442079460018", "020.7946.0018"),
    ],
)
@pytest.mark.parametrize("field", ["Phone", "MobilePhone", "AssistantPhone"])
def test_any_other_form_is_found_by_a_search(org: Org, phone: str, stored: str, field: str):
    contact = Client(org).create("Contact", LastName="Berg", **{field: stored})

    assert look_up(org, phone) == (contact, ["composite", "search"])


def test_who_is_not_there_is_nobody(org: Org):
    Client(org).create("Contact", LastName="Berg", Phone="415 / 555 / 0101")

    assert look_up(org, "+14155550100") == (None, ["composite", "search"])
