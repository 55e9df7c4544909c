"""What saving, deleting or bringing back one record does to others: per object a row of small effects.

The place in the order of execution is behind the write and before the commit (facts on model, §5.7).
"""

from collections.abc import Mapping

from mocksf.effects.access import assigned, granted, own_set, written
from mocksf.effects.activities import told
from mocksf.effects.campaigns import counts_deals, counts_members, first_statuses, one_default
from mocksf.effects.contacts import case_comment, case_copies, one_primary, primary_role
from mocksf.effects.files import document
from mocksf.effects.products import deal_total, list_price, one_price, order_total, product_names
from mocksf.effects.scene import Effect as Effect
from mocksf.effects.scene import Row as Row
from mocksf.effects.scene import Scene as Scene

EFFECTS: Mapping[str, tuple[Effect, ...]] = {
    "Task": (told,),
    "Event": (told,),
    "Opportunity": (primary_role, counts_deals),
    "OpportunityContactRole": (one_primary,),
    "Case": (case_comment,),
    "Contact": (case_copies,),
    "Campaign": (first_statuses,),
    "CampaignMember": (counts_members,),
    "CampaignMemberStatus": (one_default,),
    "OpportunityLineItem": (deal_total,),
    "OrderItem": (order_total,),
    "ContentVersion": (document,),
    "PricebookEntry": (one_price, list_price),
    "Product2": (product_names,),
    "User": (own_set,),
    "PermissionSet": (written,),
    "PermissionSetAssignment": (assigned,),
    "ObjectPermissions": (granted,),
    "FieldPermissions": (granted,),
}
"""Which effects play when a record of an object is saved, goes or comes back, in order."""
