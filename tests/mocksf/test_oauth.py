"""The token endpoint: one test class per grant, and what it refuses."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import new

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mocksf.clock import EPOCH, VirtualClock
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.sessions import Caller
from mocksf.settings import OrgSettings
from tests.client import Client

APP = {"client_id": "mocksf", "client_secret": "mocksf-secret"}
USER = {"username": "admin@mock.example", "password": "mock"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


class TestPassword:
    def test_the_answer_has_what_clients_check(self, sf: Client, org: Org):
        body = sf.token_for(grant_type="password", **APP, **USER).body

        identity = f"https://mock.example/id/{org.org_id}/{org.admin_id}"
        signature = new(b"mocksf-secret", f"{identity}{body['issued_at']}".encode(), sha256).digest()
        assert body["access_token"].startswith(f"{org.org_id[:15]}!AQ")
        assert body["id"] == identity
        assert body["instance_url"] == "https://mock.example"
        assert body["token_type"] == "Bearer"
        assert body["issued_at"] == "1767603600000"
        assert body["signature"] == b64encode(signature).decode()
        assert "expires_in" not in body

    def test_a_security_token_may_follow_the_password(self, sf: Client):
        assert sf.token_for(grant_type="password", **APP, **USER | {"password": "mockTOKEN"}).status == 200

    def test_everything_may_stand_in_the_address(self, org: Org):
        target = "/services/oauth2/token?grant_type=password&client_id=mocksf&client_secret=mocksf-secret"
        request = Request("POST", f"{target}&username=admin@mock.example&password=mock")

        assert org.handle(request).status == 200  # type: ignore[union-attr]

    def test_the_token_opens_the_org(self, sf: Client, org: Org):
        token = sf.token_for(grant_type="password", **APP, **USER).body["access_token"]

        assert Client(org, token).get("/limits").status == 200

    def test_fewer_scopes_may_be_asked_for(self, sf: Client):
        assert sf.token_for(grant_type="password", scope="web api", **APP, **USER).body["scope"] == "api web"
        assert sf.token_for(grant_type="password", scope="pardot_api", **APP, **USER).body["error"] == "invalid_scope"


class TestRefusals:
    @pytest.mark.parametrize(
        ("form", "error", "description"),
        [
            ({}, "unsupported_grant_type", "grant type not supported"),
            ({"grant_type": "magic"}, "unsupported_grant_type", "grant type not supported"),
            (
                {"grant_type": "password", **APP, "username": "x", "password": "mock"},
                "invalid_grant",
                "authentication failure",
            ),
            ({"grant_type": "password", **APP, **USER, "password": "x"}, "invalid_grant", "authentication failure"),
            ({"grant_type": "password", **USER, "client_id": "x"}, "invalid_client_id", "client identifier invalid"),
            (
                {"grant_type": "password", **USER, "client_id": "mocksf", "client_secret": "x"},
                "invalid_client",
                "invalid client credentials",
            ),
            ({"grant_type": "password", **USER, "client_id": "mocksf"}, "invalid_client", "invalid client credentials"),
            (
                {"grant_type": "refresh_token", **APP, "refresh_token": "x"},
                "invalid_grant",
                "expired access/refresh token",
            ),
            (
                {"grant_type": "client_credentials", **APP, "scope": "api"},
                "invalid_request",
                "scope parameter not supported",
            ),
            ({"grant_type": JWT_BEARER, "assertion": "x"}, "invalid_grant", "invalid assertion"),
        ],
    )
    def test_they_are_one_object_under_400(self, sf: Client, form: dict[str, str], error: str, description: str):
        answer = sf.token_for(**form)

        assert answer.status == 400
        assert answer.body == {"error": error, "error_description": description}
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Sforce-Limit-Info" not in answer.headers

    def test_the_wrong_verb_is_refused(self, sf: Client):
        assert sf.get("/services/oauth2/token").status == 405

    def test_an_inactive_user_gets_no_token(self, sf: Client, org: Org):
        sf.patch(f"/sobjects/User/{org.admin_id}", {"IsActive": False})

        assert sf.token_for(grant_type="password", **APP, **USER).body["error_description"] == "inactive user"


class TestClientCredentials:
    @pytest.mark.parametrize(
        ("headers", "form"),
        [({}, APP), ({"authorization": "Basic " + b64encode(b"mocksf:mocksf-secret").decode()}, {})],
        ids=["body", "basic"],
    )
    def test_it_runs_as_the_apps_user(self, sf: Client, org: Org, headers: dict[str, str], form: dict[str, str]):
        body = sf.token_for(headers, grant_type="client_credentials", **form).body

        assert body["id"].endswith(org.admin_id)

    def test_a_broken_basic_header_is_no_client(self, sf: Client):
        answer = sf.token_for({"authorization": "Basic ?"}, grant_type="client_credentials")

        assert answer.body["error"] == "invalid_client_id"

    def test_it_does_not_run_as_somebody_inactive(self, sf: Client, org: Org):
        sf.patch(f"/sobjects/User/{org.admin_id}", {"IsActive": False})

        answer = sf.token_for(grant_type="client_credentials", **APP)
        assert answer.body["error_description"] == "no client credentials user enabled"

    def ask(self, org: Org, host: str) -> Response:
        form = b"grant_type=client_credentials&client_id=mocksf&client_secret=mocksf-secret"
        answer = org.handle(Request("POST", "/services/oauth2/token", {}, form, host=host))
        assert isinstance(answer, Response)
        return answer

    @pytest.mark.parametrize("host", ["login.salesforce.com", "test.salesforce.com", "login.salesforce.example:8443"])
    def test_login_hosts_do_not_serve_it(self, org: Org, host: str):
        assert self.ask(org, host).body["error_description"] == "request not supported on this domain"

    @pytest.mark.parametrize("host", ["test.localhost", "login.mock.example"])
    def test_an_org_may_be_called_like_a_login_host(self, org: Org, host: str):
        assert self.ask(org, host).status == 200


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


class TestJwtBearer:
    @pytest.fixture(autouse=True)
    def trusted(self, org: Org, key: rsa.RSAPrivateKey) -> None:
        org.sessions.trust("mocksf", public_pem(key))

    def ask(self, sf: Client, key: rsa.RSAPrivateKey, **changes: object):
        expiry = int(sf.org.clock.now().timestamp()) + 180
        claims = {"iss": "mocksf", "sub": "admin@mock.example", "aud": "https://login.salesforce.com", "exp": expiry}
        return sf.token_for(grant_type=JWT_BEARER, assertion=jwt.encode(claims | changes, key, algorithm="RS256"))

    def test_the_answer_holds_no_refresh_token_no_instant_no_signature(self, sf: Client, key: rsa.RSAPrivateKey):
        assert list(self.ask(sf, key).body) == ["access_token", "scope", "instance_url", "id", "token_type"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"exp": "1767603780"},
            {"exp": 1767603780000},
            {"exp": 1767603600},
            {"aud": "https://test.salesforce.com/"},
            {"aud": "https://mock.example"},
            {"aud": ["https://mock.example/"]},
            {"sub": None, "prn": "ADMIN@mock.example"},
        ],
        ids=str,
    )
    def test_it_is_as_lenient_as_clients_need(self, sf: Client, key: rsa.RSAPrivateKey, changes: dict[str, object]):
        wanted = {name: value for name, value in changes.items() if value is not None}
        if "prn" in wanted:
            wanted["sub"] = ""

        assert self.ask(sf, key, **wanted).status == 200

    @pytest.mark.parametrize(
        ("changes", "description"),
        [
            ({"iss": "other"}, "client identifier invalid"),
            ({"aud": "https://elsewhere.example"}, "Audience validation failed"),
            ({"exp": 1767600000}, "invalid assertion"),
            ({"exp": 1767690000}, "invalid assertion"),
            ({"exp": "soon"}, "invalid assertion"),
            ({"sub": "nobody@mock.example"}, "user hasn't approved this consumer"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, sf: Client, key: rsa.RSAPrivateKey, changes: dict[str, object], description: str
    ):
        assert self.ask(sf, key, **changes).body["error_description"] == description

    def test_an_inactive_user_gets_no_token(self, sf: Client, org: Org, key: rsa.RSAPrivateKey):
        sf.patch(f"/sobjects/User/{org.admin_id}", {"IsActive": False})

        assert self.ask(sf, key).body["error_description"] == "inactive user"

    def test_a_signature_of_somebody_else_is_refused(self, sf: Client):
        stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

        assert self.ask(sf, stranger).body["error_description"] == "invalid assertion"

    def test_an_unsigned_assertion_is_refused(self, sf: Client):
        assertion = jwt.encode({"iss": "mocksf", "sub": "admin@mock.example"}, None, algorithm="none")

        assert sf.token_for(grant_type=JWT_BEARER, assertion=assertion).body["error_description"] == "invalid assertion"


def certificate_pem(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "connector")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(EPOCH)
        .not_valid_after(EPOCH + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class TestKeys:
    def test_a_certificate_in_the_settings_is_trusted(self, key: rsa.RSAPrivateKey, clock: VirtualClock):
        sf = Client(Org(clock=clock, settings=OrgSettings(jwt_keys=(certificate_pem(key),))))

        assert TestJwtBearer().ask(sf, key).status == 200

    @pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
    def test_what_is_no_key_is_refused_when_it_is_given(self, org: Org, pem: str):
        with pytest.raises(ValueError, match="RSA certificate or an RSA public key in PEM form"):
            org.sessions.trust("mocksf", pem)


class TestRefresh:
    def test_it_gives_a_new_token_for_the_same_user(self, sf: Client, org: Org):
        refresh = org.sessions.give_refresh(Caller(org.admin_id, ("api",), "mocksf"))

        body = sf.token_for(grant_type="refresh_token", refresh_token=refresh, client_id="mocksf").body

        assert body["scope"] == "api"
        assert "refresh_token" not in body
        assert Client(org, body["access_token"]).get("/limits").status == 200

    def test_an_inactive_user_gets_none(self, sf: Client, org: Org):
        refresh = org.sessions.give_refresh(Caller(org.admin_id, ("api",), "mocksf"))
        sf.patch(f"/sobjects/User/{org.admin_id}", {"IsActive": False})

        answer = sf.token_for(grant_type="refresh_token", refresh_token=refresh, client_id="mocksf")
        assert answer.body["error_description"] == "inactive user"

    def test_revoked_it_takes_its_sessions_along(self, sf: Client, org: Org):
        refresh = org.sessions.give_refresh(Caller(org.admin_id, ("api",), "mocksf"))
        token = sf.token_for(grant_type="refresh_token", refresh_token=refresh, **APP).body["access_token"]

        assert sf.post(f"/services/oauth2/revoke?token={refresh}").status == 200
        assert Client(org, token).get("/limits").body == EXPIRED
        answer = sf.token_for(grant_type="refresh_token", refresh_token=refresh, **APP)
        assert answer.body["error_description"] == "expired access/refresh token"
