"""What a reply means, row by row: the policy as a table."""

import pytest

from connector.messages import Answer, Silence
from connector.verdicts import Action, judge
from tests.connector.talk import fine, halted

DONE, RETRY, RENEW, REJECT = Action.DONE, Action.RETRY, Action.RENEW, Action.REJECT
DUPLICATE = "duplicate value found: {} duplicates value on record with id: 001Rt0000000001"
NO_REFERENCE = "Invalid reference specified. No value for acc.id found in acc."


def error(status: int, code: str, message: str = "no") -> Answer:
    return Answer(status, [{"errorCode": code, "message": message}])


@pytest.mark.parametrize(
    ("named", "action", "category"),
    [
        ("TaskSubtype", RETRY, "key race"),
        ("TaskSubtype, Subject", REJECT, "not writable"),
        ("Subject", REJECT, "not writable"),
    ],
)
def test_a_field_that_only_a_new_record_takes_is_refused_in_a_race(named, action, category):
    said = f"Unable to create/update fields: {named}. Please check the security settings of this field and verify."

    verdict = judge(error(400, "INVALID_FIELD_FOR_INSERT_UPDATE", said), once=["TaskSubtype"])

    assert (verdict.action, verdict.category) == (action, category)


@pytest.mark.parametrize(
    ("reply", "action", "category"),
    [
        (Silence("timeout"), RETRY, "silence"),
        (Silence("reset"), RETRY, "silence"),
        (Answer(204), DONE, "none"),
        (Answer(201, {"id": "001", "success": True}), DONE, "none"),
        (error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), RETRY, "limit"),
        (error(503, "SERVER_UNAVAILABLE"), RETRY, "outage"),
        (error(500, "UNKNOWN_EXCEPTION"), RETRY, "outage"),
        (error(500, "SOMETHING_NEW"), RETRY, "outage"),
        (error(500, "UNABLE_TO_LOCK_ROW"), RETRY, "lock"),
        (error(400, "UNABLE_TO_LOCK_ROW"), RETRY, "lock"),
        (error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: caused by: UNABLE_TO_LOCK_ROW, no"), RETRY, "lock"),
        (error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: execution of BeforeInsert"), REJECT, "trigger"),
        (error(400, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"), RETRY, "maintenance"),
        (error(400, "QUERY_TIMEOUT"), RETRY, "outage"),
        (Answer(429, [{}]), RETRY, "limit"),
        (Answer(420), RETRY, "outage"),
        (Answer(502, "<html>Bad Gateway</html>"), RETRY, "maintenance"),
        (Answer(200, "<html>We are down for maintenance</html>"), RETRY, "maintenance"),
        (Answer(414, "<html>"), REJECT, "request"),
        (Answer(431, "HTTP ERROR 431 Request Header Fields Too Large"), REJECT, "request"),
        (error(401, "INVALID_SESSION_ID", "Session expired or invalid"), RENEW, "session"),
        (error(401, "INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT"), RENEW, "session"),
        (error(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), RENEW, "session"),
        (error(401, "INVALID_AUTH_HEADER", "INVALID_SCOPES"), REJECT, "session"),
        (
            error(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
            REJECT,
            "session",
        ),
        (error(400, "REQUIRED_FIELD_MISSING"), REJECT, "required field"),
        (error(404, "NOT_FOUND"), REJECT, "not found"),
        (error(404, "ENTITY_IS_DELETED"), REJECT, "deleted"),
        (error(403, "API_DISABLED_FOR_ORG"), REJECT, "permission"),
        (error(400, "DUPLICATES_DETECTED"), REJECT, "duplicate rule"),
        (error(400, "DUPLICATE_VALUE", DUPLICATE.format("Caller_Key__c")), RETRY, "key race"),
        (error(400, "DUPLICATE_VALUE", DUPLICATE.format("Email__c")), REJECT, "duplicate"),
        (error(400, "A_CODE_OF_TOMORROW"), REJECT, "other"),
        (Answer(300, ["/services/data/v66.0/sobjects/Account/001"]), REJECT, "ambiguous key"),
        (Answer(400, {"error": "invalid_grant", "error_description": "authentication failure"}), REJECT, "login"),
        (Answer(400, {"error": "unknown_error", "error_description": "retry your request"}), RETRY, "outage"),
    ],
)
def test_a_reply_means_what_its_row_says(reply, action, category):
    verdict = judge(reply)

    assert (verdict.action, verdict.category) == (action, category)


class TestAComposite:
    def test_that_went_well_gives_its_ids(self):
        assert judge(fine(), composite=True).ids["con"] == "003Rt0000000001IAA"

    @pytest.mark.parametrize("culprit", ["acc", "con", "opp"])
    def test_names_the_culprit_among_the_bystanders(self, culprit):
        verdict = judge(halted(culprit, "STRING_TOO_LONG"), composite=True)

        assert (verdict.action, verdict.culprit, verdict.reason) == (REJECT, culprit, "STRING_TOO_LONG")

    def test_whose_reference_found_nothing_has_a_culprit_that_looks_like_a_bystander(self):
        verdict = judge(halted("con", "PROCESSING_HALTED", NO_REFERENCE), composite=True)

        assert (verdict.action, verdict.culprit, verdict.category) == (REJECT, "con", "reference")

    def test_of_bystanders_alone_is_tried_again(self):
        body = [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back"}]
        parts = [{"body": body, "httpStatusCode": 400, "referenceId": "acc"}]

        verdict = judge(Answer(200, {"compositeResponse": parts}), composite=True)

        assert (verdict.action, verdict.category) == (RETRY, "halted")

    @pytest.mark.parametrize(
        "body", [None, {}, {"compositeResponse": None}, {"compositeResponse": [{}]}, {"compositeResponse": ["x"]}, []]
    )
    def test_that_does_not_look_like_one_is_no_success(self, body):
        verdict = judge(Answer(200, body), composite=True)

        assert (verdict.action, verdict.perhaps) == (RETRY, True)

    def test_with_an_ambiguous_key_is_rejected(self):
        parts = [{"body": ["/a", "/b"], "httpStatusCode": 300, "referenceId": "acc"}]

        assert judge(Answer(200, {"compositeResponse": parts}), composite=True).category == "ambiguous key"


@pytest.mark.parametrize(
    ("reply", "perhaps"),
    [
        (Silence("timeout"), True),
        (Silence("truncated"), True),
        (Silence("refused"), False),
        (Answer(502, "<html>"), True),
        (Answer(504, "<html>"), True),
        (Answer(500, "<html>"), False),
        (error(503, "SERVER_UNAVAILABLE"), False),
        (error(400, "UNABLE_TO_LOCK_ROW"), False),
    ],
)
def test_only_what_may_have_been_done_is_called_perhaps_done(reply, perhaps):
    assert judge(reply).perhaps is perhaps
