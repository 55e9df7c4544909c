"""The worked transcripts of a call that becomes Account, Contact and Opportunity, replayed to the letter."""

from mocksf.org import Org
from tests.client import Client, contents, statuses
from tests.worked_call import ROLLED_BACK, call


def no_value(path: str, ref: str) -> list[dict[str, str]]:
    sentence = (
        f"Invalid reference specified. No value for {path} found in {ref}. Provided referenceId ('{path}') must start "
        "with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
    )
    return [{"errorCode": "PROCESSING_HALTED", "message": sentence}]


class TestTranscripts:
    def test_all_good_account_new(self, sf: Client):
        answer = sf.post("/composite", call({"Name": "Acme"}, {"StageName": "Prospecting"}, all_or_none=True))

        acc, con, opp = (answer.parts[name]["body"]["id"] for name in ("acc", "con", "opp"))
        assert answer.status == 200
        assert (
            answer.raw
            == (
                f'{{"compositeResponse":[{{"body":{{"id":"{acc}","success":true,"errors":[],"created":true}},'
                f'"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Account/{acc}"}},'
                f'"httpStatusCode":201,"referenceId":"acc"}},'
                f'{{"body":{{"id":"{con}","success":true,"errors":[]}},'
                f'"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Contact/{con}"}},'
                f'"httpStatusCode":201,"referenceId":"con"}},'
                f'{{"body":{{"id":"{opp}","success":true,"errors":[]}},'
                f'"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Opportunity/{opp}"}},'
                f'"httpStatusCode":201,"referenceId":"opp"}}]}}'
            ).encode()
        )

    def test_all_good_account_known(self, sf: Client):
        known = sf.create("Account", Name="Old", Caller_Key__c="call-123")

        answer = sf.post("/composite", call({"Name": "Acme"}, {"StageName": "Prospecting"}, all_or_none=True))

        assert answer.parts["acc"] == {
            "body": {"id": known, "success": True, "errors": [], "created": False},
            "httpHeaders": {},
            "httpStatusCode": 200,
            "referenceId": "acc",
        }

    def test_opportunity_invalid_and_all_or_none(self, sf: Client, org: Org):
        before = contents(org)

        answer = sf.post("/composite", call({"Name": "Acme"}, {}, all_or_none=True))

        culprit = {
            "message": "Required fields are missing: [StageName]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["StageName"],
        }
        assert answer.status == 200
        assert [each["body"] for each in answer.parts.values()] == [ROLLED_BACK, ROLLED_BACK, [culprit]]
        assert statuses(answer) == [400, 400, 400]
        assert all(each["httpHeaders"] == {} for each in answer.parts.values())
        assert contents(org) == before

    def test_account_invalid_and_each_for_itself(self, sf: Client):
        answer = sf.post("/composite", call({}, {"StageName": "Prospecting"}, all_or_none=False))

        missing = {
            "message": "Required fields are missing: [Name]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["Name"],
        }
        halted = no_value("acc.id", "acc")
        assert [each["body"] for each in answer.parts.values()] == [[missing], halted, halted]

    def test_a_replay_after_a_lost_answer_doubles_what_has_no_key(self, sf: Client):
        body = call({"Name": "Acme"}, {"StageName": "Prospecting"}, all_or_none=True)
        first = sf.post("/composite", body)

        again = sf.post("/composite", body)

        assert statuses(again) == [200, 201, 201]
        assert again.parts["acc"]["body"]["id"] == first.parts["acc"]["body"]["id"]
        assert sf.soql("SELECT COUNT() FROM Contact").body["totalSize"] == 2

    def test_an_expired_token_fails_the_whole(self, org: Org):
        answer = Client(org, token="00D000000000000!expired").post("/composite", call({}, {}, all_or_none=True))

        assert answer.status == 401
        assert answer.body == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
