"""Master and detail: who may move to another master, and whom that locks."""

from pathlib import Path

import pytest

from mocksf.errors import Refuse
from mocksf.locks import LockKey
from mocksf.schema import load_schema
from tests.desk import Desk, refused


def desk_with(tmp_path: Path, reparentable: bool) -> Desk:
    source = tmp_path / "org.yaml"
    moving = f"reparentableMasterDetail: {str(reparentable).lower()}"
    master = f"{{type: MasterDetail, referenceTo: Account, relationshipName: Branches, {moving}}}"
    source.write_text(f"objects: {{Branch__c: {{fields: {{Account__c: {master}}}}}}}")
    return Desk(load_schema([source]))


def test_a_detail_stays_with_its_master(tmp_path: Path):
    desk = desk_with(tmp_path, reparentable=False)
    branch = desk.create("Branch__c", Account__c=desk.account())

    with refused(Refuse.NOT_WRITABLE, fields=("Account__c",)):
        desk.update("Branch__c", branch, Account__c=desk.account())


def test_a_detail_that_may_move_locks_both_masters(tmp_path: Path):
    desk = desk_with(tmp_path, reparentable=True)
    old, new = desk.account(), desk.account()
    branch = desk.create("Branch__c", Account__c=old)
    desk.touched.clear()

    desk.update("Branch__c", branch, Account__c=new)

    assert desk.value("Branch__c", branch, "Account__c") == new
    assert {LockKey("Account", old), LockKey("Account", new)} <= set(desk.touched)


@pytest.mark.parametrize("reparentable", [True, False])
def test_a_detail_is_never_without_a_master(tmp_path: Path, reparentable: bool):
    desk = desk_with(tmp_path, reparentable)

    with refused(Refuse.REQUIRED_MISSING, fields=("Account__c",)):
        desk.create("Branch__c")


@pytest.mark.parametrize("reparentable", [True, False])
def test_a_merge_moves_details_whether_they_may_move_or_not(tmp_path: Path, reparentable: bool):
    desk = desk_with(tmp_path, reparentable)
    master, loser = desk.account(), desk.account()
    branch = desk.create("Branch__c", Account__c=loser)

    desk.merge("Account", master, loser)

    assert desk.value("Branch__c", branch, "Account__c") == master
