"""Numbers that fill their fields: what follows of them is right, or refused, and never an accident."""

import pytest

from mocksf.errors import Refuse
from tests.desk import Desk, refused

MOST = 9_999_999_999_999_999
"""The largest whole Amount."""


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_campaign_adds_up_the_largest_deals(desk: Desk):
    campaign = desk.create("Campaign", Name="Fair")
    for _ in range(11):
        desk.opportunity(Amount=MOST, CampaignId=campaign)
    assert desk.value("Campaign", campaign, "AmountAllOpportunities") == pytest.approx(11.0 * MOST)


def test_an_expected_revenue_beyond_its_digits_is_refused(desk: Desk):
    with refused(Refuse.OUT_OF_RANGE, fields=("ExpectedRevenue",)):
        desk.opportunity(Amount=MOST, Probability=999)
