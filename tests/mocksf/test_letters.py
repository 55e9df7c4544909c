"""Letters beyond ASCII: which are one letter without regard to case, and in which order they come, on each store."""

import pytest

from tests.client import Client

ALIKE = [
    ("Straße", "STRASSE"),
    ("ẞ", "ss"),
    ("ΟΔΟΣ", "οδος"),
    ("οδος", "οδοσ"),
    ("Ørsted", "ØRSTED"),
    ("ЖУК", "жук"),
    ("É", "é"),
    ("E\u0301", "e\u0301"),
    ("ÿ", "Ÿ"),
    ("ﬁ", "FI"),
    ("Ǆ", "ǅ"),
]
"""One letter to whoever folds case as Unicode does."""
DIFFERENT = [("İ", "i"), ("ı", "i"), ("é", "e\u0301"), ("é", "e"), ("ø", "o"), ("А", "A"), ("\U0001f642", "\ufffd")]
"""Never one letter: a dot more, a mark set apart, another alphabet."""


def named(sf: Client, condition: str) -> list[str]:
    rows = sf.soql(f"SELECT Name FROM Account WHERE {condition} ORDER BY CreatedDate, Id").body["records"]
    return [row["Name"] for row in rows]


@pytest.mark.parametrize(("one", "other"), ALIKE)
class TestOneLetter:
    def test_is_found_by_the_other(self, sf: Client, one: str, other: str):
        sf.create("Account", Name=one)

        for condition in ("Name = '{}'", "Name IN ('{}')", "Name LIKE '{}'", "Name LIKE '%{}%'", "Name LIKE '{}%'"):
            assert named(sf, condition.format(other)) == [one], condition
        assert named(sf, f"Name != '{other}'") == []

    def test_is_one_key(self, sf: Client, one: str, other: str):
        made = sf.create("Account", Name="a", Caller_Key__c=one)

        assert sf.post("/sobjects/Account", {"Name": "b", "Caller_Key__c": other}).code == "DUPLICATE_VALUE"
        answer = sf.patch(f"/sobjects/Account/Caller_Key__c/{other}", {"Name": "c"})
        assert (answer.body["id"], answer.body["created"]) == (made, False)

    def test_is_one_group(self, sf: Client, one: str, other: str):
        sf.create("Account", Name=one)
        sf.create("Account", Name=other)

        (group,) = sf.soql("SELECT COUNT(Id) n FROM Account GROUP BY Name").body["records"]
        assert group["n"] == 2


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_letters_stay_apart(sf: Client, one: str, other: str):
    for number, key in enumerate((one, other)):
        sf.create("Account", Name=key, Caller_Key__c=key, Site=str(number))

    assert named(sf, f"Name = '{one}'") == [one]
    assert named(sf, f"Name IN ('{other}')") == [other]
    assert sf.soql("SELECT COUNT(Id) n FROM Account GROUP BY Name").body["totalSize"] == 2


def test_the_order_is_that_of_capitals(sf: Client):
    """Documented: a user of English sorts by the capitals of UTF-8, so that signs between the cases come last."""
    for name in ["жук", "_a", "Ωμέγα", "é", "Zoe", "[b", "ørsted", "abe", "\U0001f642", "Ä"]:
        sf.create("Account", Name=name)

    names = ["abe", "Zoe", "[b", "_a", "Ä", "é", "ørsted", "Ωμέγα", "жук", "\U0001f642"]
    assert [row["Name"] for row in sf.soql("SELECT Name FROM Account ORDER BY Name").body["records"]] == names
    reverse = sf.soql("SELECT Name FROM Account ORDER BY Name DESC").body["records"]
    assert [row["Name"] for row in reverse] == names[::-1]


def test_what_a_wildcard_stands_for_is_one_letter_of_any_script(sf: Client):
    for name in ["aéb", "aжb", "a\U0001f642b", "ab", "a_b"]:
        sf.create("Account", Name=name)

    assert named(sf, "Name LIKE 'A_B'") == ["aéb", "aжb", "a\U0001f642b", "a_b"]
    assert named(sf, r"Name LIKE 'a\_b'") == ["a_b"]
