"""Deploys by the REST resource: begun by a body in parts, asked for, canceled."""

import json
from typing import Any

import pytest

from tests.client import Answer, Client
from tests.mocksf.test_deploys import FILES, NAMES, pass_time, zipped


class TestRest:
    def send(self, sf: Client, content: bytes, options: Any) -> Answer:
        head = b'--B\r\nContent-Disposition: form-data; name="json"\r\nContent-Type: application/json\r\n\r\n'
        archive = (
            b'\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n'
            b"Content-Type: application/zip\r\n\r\n"
        )
        body = head + json.dumps({"deployOptions": options}).encode() + archive + content + b"\r\n--B--\r\n"
        return sf.post("/metadata/deployRequest", body, **{"content-type": "multipart/form-data; boundary=B"})

    def test_it_is_begun_and_asked_for(self, sf: Client):
        begun_ = self.send(sf, zipped(FILES, NAMES), {"rollbackOnError": True})
        assert begun_.status == 201
        assert begun_.body["deployOptions"]["rollbackOnError"]
        path = f"/metadata/deployRequest/{begun_.body['id']}"
        assert sf.get(path).body["deployResult"]["status"] == "InProgress"
        pass_time(sf.org)

        result = sf.get(f"{path}?includeDetails=true").body["deployResult"]
        assert result["status"] == "Succeeded"
        names = [each["fullName"] for each in result["details"]["componentSuccesses"]]
        assert sorted(names) == ["Guide", "Visit__c", "Visit__c.Few", "Visit__c.Stars__c"]
        assert sf.soql("SELECT Id FROM Visit__c").status == 200

    def test_it_is_canceled(self, sf: Client):
        path = f"/metadata/deployRequest/{self.send(sf, zipped(FILES, NAMES), {}).body['id']}"

        assert sf.patch(path, {"deployResult": {"status": "Canceling"}}).status == 202
        assert sf.patch(path, {"deployResult": {"status": "Canceling"}}).status == 400
        assert sf.patch(path, {"deployResult": "x"}).code == "INVALID_INPUT"

    @pytest.mark.parametrize(
        ("body", "media", "code"),
        [
            (b"x", "application/zip", "INVALID_INPUT"),
            (b"--B--", "multipart/form-data; boundary=B", "INVALID_INPUT"),
            (b"", "multipart/form-data", "INVALID_INPUT"),
        ],
    )
    def test_a_body_without_its_parts_is_refused(self, sf: Client, body: bytes, media: str, code: str):
        assert sf.post("/metadata/deployRequest", body, **{"content-type": media}).code == code

    def test_nobody_elses_deploy_is_shown(self, sf: Client):
        assert sf.get("/metadata/deployRequest/0AfRt0000000009AAA").status == 404
