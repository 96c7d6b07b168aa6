"""People at a self-service terminal: Django's test client with the key of a registered kiosk, a card read or not."""

from django.test import Client

from yueban.flows import kiosk_sign_in, kiosks

KIOSK = "yuecheng-hall-1"
HALL = "hall-330602"


def terminal(code: str = KIOSK) -> Client:
    """The browser of a registered kiosk at which nobody is signed in."""
    client = Client()
    answer = client.post("/kiosk/register", {"code": code, "key": kiosks.demo_key(code)})
    assert answer.status_code == 302, answer.content.decode()
    return client


def at_kiosk(username: str | None, code: str = KIOSK) -> Client:
    """The same after this person has put his card on the reader and proved that it is his."""
    client = terminal(code)
    if username:
        put_card(client, username)
    return client


def put_card(client: Client, username: str) -> None:
    """The card and the second factor."""
    assert client.post("/kiosk/card", {"card": username}).status_code == 302
    answer = client.post("/kiosk/card/confirm", {"answer": tail_of(username)})
    assert answer.status_code == 302, answer.content.decode()


def tail_of(username: str) -> str:
    """The last four digits of the phone that a member of the cast has registered."""
    from yueban.parties import selectors as parties

    party = parties.find_person_by_id(kiosk_sign_in.demo_card(username).id_number)
    assert party is not None
    return parties.phone_of(party)[-4:]
