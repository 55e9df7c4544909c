"""What Salesforce works out itself when a record is saved: per object a row of small rules, and who locks whom.

A rule sees the record as it was (`before`, empty on create) and the stored values about to be written (`changes`), and
adds to these. Sources: facts on SOQL and model, §5.1 and §5.6; what is assumed stands in `ASSUMPTIONS`.
"""

from collections.abc import Mapping

from mocksf.evidence import Evidence
from mocksf.rules.activities import activity_account, event_kind, event_times, task_state, who_or_what
from mocksf.rules.campaigns import campaign_person, campaign_response
from mocksf.rules.facts import Changes as Changes
from mocksf.rules.facts import Facts as Facts
from mocksf.rules.facts import Row as Row
from mocksf.rules.facts import Rule as Rule
from mocksf.rules.facts import after as after
from mocksf.rules.files import attached, version
from mocksf.rules.opportunities import expected_revenue, fiscal_period, push_count, stage_follows
from mocksf.rules.others import assigned_owner as assigned_owner
from mocksf.rules.others import case_contact, case_state, contract_end, feed_item, status_code
from mocksf.rules.people import converted_lead, nickname, person_name
from mocksf.rules.permissions import field_named, object_named
from mocksf.rules.products import activation, deal_line, order_line, product_of_entry, without_lines_only
from mocksf.schema.model import SObject

ASSUMPTIONS: tuple[tuple[str, Evidence], ...] = (
    ("An unknown Opportunity stage is open, has probability 0 and no forecast beyond Pipeline", Evidence.ASSUMED),
    ("A text Name of a custom object that is left out becomes the 15-character id", Evidence.ASSUMED),
    ("An active assignment rule runs on insert of a Lead when the request asks for it", Evidence.DOCUMENTED),
    ("An Event needs DurationInMinutes or EndDateTime, and a start", Evidence.ASSUMED),
    ("null for a checkbox stores false; the texts true and false are taken for it", Evidence.ASSUMED),
    ("A date takes a whole instant and keeps the day as written", Evidence.ASSUMED),
    ("Decimals are rounded half up to the scale of their field", Evidence.ASSUMED),
    ("Picklist values are matched without regard to case and stored as defined", Evidence.ASSUMED),
    ("Unknown columns are refused first, then fields not writable, then values, then missing ones", Evidence.ASSUMED),
    ("Deleted records do not collide with unique values", Evidence.ASSUMED),
    ("A reference to a deleted record is an invalid cross reference id", Evidence.ASSUMED),
    ("Emptying a lookup because its target was deleted stamps nothing", Evidence.ASSUMED),
    ("Ids of a key prefix are given without gaps", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""


def derive(sobject: SObject, facts: Facts, before: Row, changes: Changes) -> None:
    """Add to `changes` what follows from them. Raises the refusals of the object's own rules."""
    for rule in RULES.get(sobject.name, ()):
        rule(facts, before, changes)


RULES: Mapping[str, tuple[Rule, ...]] = {
    "Contact": (person_name,),
    "Lead": (converted_lead, person_name),
    "User": (nickname, person_name),
    "Opportunity": (without_lines_only, stage_follows, expected_revenue, fiscal_period, push_count),
    "Task": (who_or_what, activity_account, task_state),
    "Event": (who_or_what, activity_account, event_times, event_kind),
    "Case": (case_contact, case_state),
    "CampaignMember": (campaign_person, campaign_response),
    "Contract": (status_code, contract_end),
    "Order": (status_code, activation),
    "FeedItem": (feed_item,),
    "Attachment": (attached,),
    "ContentVersion": (version,),
    "PricebookEntry": (product_of_entry,),
    "OpportunityLineItem": (deal_line,),
    "OrderItem": (order_line,),
    "ObjectPermissions": (object_named,),
    "FieldPermissions": (field_named,),
}
"""Which rules run when a record of an object is saved, in order."""
