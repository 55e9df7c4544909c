"""Tokens: asked for in the right form, kept, shared, and renewed once."""

from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connector.commands import GivePlace, Send, TakePlace
from connector.config import SecretMissing, parse_config
from connector.login import MUTEX, Credentials, Session, authorised, credentials_of
from connector.messages import Answer, Request, Silence
from connector.verdicts import Action, Verdict
from tests.connector.talk import EXPIRED, NINE, TOKEN, Talk, a_connector, fine

PING = Request("GET", "/services/data/v66.0/limits")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
REFUSED = Answer(400, {"error": "invalid_grant", "error_description": "authentication failure"})


def asked(session: Session, reply: Answer = TOKEN):
    """The form of the one login, and what came of it."""
    talk = Talk(a_connector())
    outcome = talk.run(session.bearer(), [reply])
    return talk.sent[0], {name: values[0] for name, values in parse_qs(talk.sent[0].body).items()}, outcome


class TestTheForm:
    @pytest.mark.parametrize(
        ("held", "form"),
        [
            (
                Credentials("password", "id", "ada", client_secret="s", password="p"),
                {"grant_type": "password", "client_id": "id", "client_secret": "s", "username": "ada", "password": "p"},
            ),
            (
                Credentials("client_credentials", "id", client_secret="s"),
                {"grant_type": "client_credentials", "client_id": "id", "client_secret": "s"},
            ),
            (
                Credentials("refresh_token", "id", refresh_token="r"),
                {"grant_type": "refresh_token", "client_id": "id", "refresh_token": "r"},
            ),
        ],
    )
    def test_is_that_of_the_grant(self, held, form):
        request, sent, token = asked(Session(held))

        assert (request.path, sent, token) == ("/services/oauth2/token", form, "fresh")
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"

    def test_of_a_jwt_is_signed_and_short_lived(self):
        _, form, _ = asked(Session(Credentials("jwt_bearer", "id", "ada", private_key=PEM)))

        claims = jwt.decode(
            form["assertion"], KEY.public_key(), ["RS256"], audience="https://login.salesforce.com",
            options={"verify_exp": False},
        )  # fmt: skip
        assert (claims["iss"], claims["sub"], claims["exp"]) == ("id", "ada", NINE.timestamp() + 180)

    def test_goes_to_the_login_host_where_that_is_another(self):
        request, _, _ = asked(Session(Credentials("password", login_url="https://login.example")))

        assert request.url == "https://login.example/services/oauth2/token"


class TestABadLogin:
    @pytest.mark.parametrize(
        ("reply", "action"),
        [
            (REFUSED, Action.REJECT),
            (
                Answer(400, {"error": "invalid_client_id", "error_description": "client identifier invalid"}),
                Action.REJECT,
            ),
            (Answer(401, {"error": "invalid_client"}), Action.REJECT),
            (Silence("timeout"), Action.RETRY),
            (Answer(503, "<html>"), Action.RETRY),
            (Answer(200, {"no": "token"}), Action.RETRY),
        ],
    )
    def test_is_a_verdict_that_says_nothing_was_sent(self, reply, action):
        _, _, verdict = asked(Session(Credentials("password")), reply)

        assert isinstance(verdict, Verdict)
        assert (verdict.action, verdict.perhaps) == (action, False)

    def test_without_a_grant_says_what_is_missing(self):
        verdict = Talk(a_connector()).run(Session(Credentials()).bearer(), [])

        assert (verdict.action, "no login section" in verdict.said) == (Action.REJECT, True)

    def test_with_a_useless_key_is_told_and_not_raised(self):
        session = Session(Credentials("jwt_bearer", "id", "ada", private_key="-----BEGIN nonsense"))

        assert Talk(a_connector()).run(session.bearer(), []).reason == "private key"

    def test_ends_a_delivery_with_the_category_login(self):
        talk = Talk(a_connector(token=""))

        outcome = talk.deliver("demo_requested", replies=[REFUSED, Answer(200, "ok")])

        assert (outcome.status, outcome.reason) == ("dead", "login: invalid_grant")


class TestSharing:
    def test_a_token_is_asked_for_once_and_kept(self):
        talk = Talk(a_connector(token=""))

        talk.deliver("demo_requested", replies=[TOKEN, fine()])
        talk.deliver("demo_requested", turn=2, replies=[fine()])

        assert talk.asked == ["login", "send", "committed", "send", "committed"]

    def test_who_comes_second_takes_the_token_that_the_first_one_got(self):
        session = Session(Credentials("password"))
        first, second = session.bearer(), session.bearer()
        assert (next(first), next(second)) == (TakePlace(MUTEX), TakePlace(MUTEX))

        first.send(None)  # reads the clock
        assert isinstance(first.send(NINE), Send)
        assert first.send(TOKEN) == GivePlace(MUTEX)

        assert second.send(None) == GivePlace(MUTEX)
        assert session.renewals == 1

    def test_a_stale_token_is_renewed_once_for_all_who_hold_it(self):
        session = Session(Credentials("password", token="old"))
        talk = Talk(a_connector())

        talk.run(authorised(session, PING, 15.0, "lookup"), [EXPIRED, TOKEN, Answer(200, {})])
        token = talk.run(session.bearer(stale="old"), [])

        assert (token, session.renewals, talk.asked) == ("fresh", 1, ["read", "login", "read"])


class TestSecrets:
    CONFIG = parse_config(
        {
            "org": {
                "login": {
                    "instance_url": "https://acme.my.salesforce.com",
                    "login_url": "https://login.salesforce.com",
                    "client_id": "id",
                    "client_secret": {"env": "S"},
                }
            },
            "delivery": {"slack_webhook": {"env": "W"}},
            "fields": {"a": "Account.Name"},
        }
    )

    def test_are_taken_from_where_the_configuration_says(self):
        held = credentials_of(self.CONFIG, {"S": "secret", "W": "https://hooks", "CONNECTOR_TOKEN": "t"})

        assert (held.client_secret, held.slack_webhook, held.token) == ("secret", "https://hooks", "t")
        assert held.login_url == "https://login.salesforce.com"

    def test_that_are_missing_are_named(self):
        with pytest.raises(SecretMissing, match="environment variable W is not set"):
            credentials_of(self.CONFIG, {"S": "secret"})

    def test_do_not_show(self):
        held = credentials_of(self.CONFIG, {"S": "hush", "W": "https://hooks", "CONNECTOR_TOKEN": "t0ken"})

        assert not [secret for secret in ("hush", "hooks", "t0ken") if secret in repr(held)]


class TestALoginHostElsewhere:
    def sent(self, instance_url: object, login_url: str = "https://login.salesforce.com") -> Talk:
        talk = Talk(a_connector(token="", login_url=login_url))
        told = Answer(200, {"access_token": "fresh", "instance_url": instance_url})
        talk.deliver("demo_requested", replies=[told, fine()])
        return talk

    def test_says_where_the_org_is(self):
        talk = self.sent("https://acme.my.salesforce.com/")

        assert talk.sent[-1].url == "https://acme.my.salesforce.com/services/data/v66.0/composite"

    @pytest.mark.parametrize("instance_url", [None, 7, "http://acme.my.salesforce.com", "acme"])
    def test_is_not_followed_to_what_is_no_safe_address(self, instance_url):
        assert self.sent(instance_url).sent[-1].url is None


def test_an_org_that_gives_its_own_tokens_is_asked_where_it_was_configured():
    talk = Talk(a_connector(token=""))
    told = Answer(200, {"access_token": "fresh", "instance_url": "https://other.my.salesforce.com"})

    talk.deliver("demo_requested", replies=[told, fine()])

    assert talk.sent[-1].url is None
