"""What stands beside the objects of a project: value sets, duplicate rules, assignment rules, custom metadata."""

from collections.abc import Mapping
from typing import Any

from mocksf.schema.sfdx.elements import Element
from mocksf.schema.sfdx.fields import picklist_value, plain_elements, sourced

STANDARD_VALUE_SETS: Mapping[str, tuple[str, ...]] = {
    "AccountOwnership": ("Account.Ownership",),
    "AccountRating": ("Account.Rating", "Lead.Rating"),
    "AccountType": ("Account.Type",),
    "AssetStatus": ("Asset.Status",),
    "CampaignMemberStatus": ("CampaignMember.Status",),
    "CampaignStatus": ("Campaign.Status",),
    "CampaignType": ("Campaign.Type",),
    "CaseOrigin": ("Case.Origin",),
    "CasePriority": ("Case.Priority",),
    "CaseReason": ("Case.Reason",),
    "CaseStatus": ("Case.Status",),
    "CaseType": ("Case.Type",),
    "ContactRole": ("OpportunityContactRole.Role",),
    "ContractStatus": ("Contract.Status",),
    "EventSubject": ("Event.Subject",),
    "Industry": ("Account.Industry", "Lead.Industry"),
    "LeadSource": ("Lead.LeadSource", "Contact.LeadSource", "Opportunity.LeadSource", "Account.AccountSource"),
    "LeadStatus": ("Lead.Status",),
    "OpportunityStage": ("Opportunity.StageName",),
    "OpportunityType": ("Opportunity.Type",),
    "OrderStatus": ("Order.Status",),
    "OrderType": ("Order.Type",),
    "Product2Family": ("Product2.Family",),
    "Salutation": ("Contact.Salutation", "Lead.Salutation"),
    "TaskPriority": ("Task.Priority",),
    "TaskStatus": ("Task.Status",),
    "TaskSubject": ("Task.Subject",),
}
"""The fields that take their values from each StandardValueSet (names of the Metadata API)."""

Tree = dict[str, Any]


def global_value_set(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """A GlobalValueSet."""
    said: Tree = {"values": [picklist_value(each) for each in element.all("customValue")]}
    for tag, ours in (("masterLabel", "label"), ("description", "description")):
        if element.said(tag):
            said[ours] = element.said(tag)
    if element.said("sorted") == "true":
        said["sorted"] = True
    tree["valueSets"][name] = sourced(element, said)


def standard_value_set(element: Element, name: str, tree: Tree, notes: list[str]) -> None:
    """A StandardValueSet: the values of one or more standard fields."""
    if name not in STANDARD_VALUE_SETS:
        notes.append(f"{element.file}: the value set {name} belongs to no field of this org; passed over")
        return
    values = [picklist_value(each) for each in element.all("standardValue")]
    for field in STANDARD_VALUE_SETS[name]:
        owner, _, field_name = field.partition(".")
        fields = tree["objects"].setdefault(owner, {}).setdefault("fields", {})
        fields[field_name] = sourced(element, {**fields.get(field_name, {}), "values": values})


def assignment_rules(element: Element, name: str, tree: Tree, notes: list[str]) -> None:
    """The AssignmentRules of leads or cases: entries that compare fields for being equal."""
    if name not in {"Lead", "Case"}:
        notes.append(f"{element.file}: assignment rules of {name} are passed over")
        return
    tree["assignmentRules"][name] = [
        {
            "name": rule.said("fullName"),
            "active": rule.said("active") == "true",
            "entries": [entry for each in rule.all("ruleEntry") if (entry := _entry(each, name, tree, notes))],
        }
        for rule in element.all("assignmentRule")
    ]


def _entry(element: Element, sobject: str, tree: Tree, notes: list[str]) -> Tree | None:
    items = [(each.said("field"), each.said("operation"), each.said("value")) for each in element.all("criteriaItems")]
    simple = all(operation == "equals" and "," not in value for _, operation, value in items)
    if not simple or element.one("formula") is not None or element.one("booleanFilter") is not None:
        notes.append(f"{element.file}: {'.'.join(element.path)}: only entries that compare for equality are kept")
        return None
    owner = element.said("assignedTo")
    username = owner if "@" in owner else f"{owner.lower().replace(' ', '-').replace('_', '-')}@mock.example"
    tree["users"].setdefault(username, {"username": username, "lastName": owner.partition("@")[0] or "Queue"})
    when = {field.removeprefix(f"{sobject}."): _compared(value) for field, _, value in items}
    return {**({"when": when} if when else {}), "owner": username}


def _compared(value: str) -> str | bool:
    return {"True": True, "true": True, "False": False, "false": False}.get(value, value)


def lead_mapping(element: Element, _: str, tree: Tree, notes: list[str]) -> None:
    """The LeadConvertSettings: which field of a lead becomes which field of what comes out of it."""
    for each in element.all("objectMapping"):
        target = each.said("outputObject")
        if target not in {"Account", "Contact", "Opportunity"}:
            notes.append(f"{element.file}: a lead becomes no {target}; passed over")
            continue
        fields = {pair.said("inputField"): pair.said("outputField") for pair in each.all("mappingFields")}
        tree["leadConversion"].setdefault(target, {}).update(fields)


# -- duplicates --------------------------------------------------------------------------------------------------------


def matching_rules(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """The MatchingRules of an object, kept until its duplicate rules refer to them."""
    for rule in element.all("matchingRules"):
        items = [
            sourced(each, {"field": each.said("fieldName"), "method": each.said("matchingMethod", "Exact")})
            for each in rule.all("matchingRuleItems")
        ]
        tree["$matching"][f"{name}.{rule.said('fullName')}"] = items


def duplicate_rule(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """A DuplicateRule, kept until all matching rules are read."""
    tree["$duplicates"][name] = element


def join_duplicates(tree: Tree, notes: list[str]) -> None:
    """Give each duplicate rule the fields of the matching rules that it names."""
    matching: Mapping[str, list[Any]] = tree.pop("$matching")
    for name, element in tree.pop("$duplicates").items():
        owner, _, rule = name.partition(".")
        wanted = [f"{owner}.{each.said('matchingRule')}" for each in element.all("duplicateRuleMatchRules")]
        fields = [item for each in wanted for item in matching.get(each, ())]
        if not fields:
            notes.append(f"{element.file}: its matching rules are not part of the project; passed over")
            continue
        said: Tree = {"matchFields": fields}
        said |= {
            ours: value
            for tag, value in plain_elements(element)
            if (ours := _DUPLICATE.get(tag)) is not None and value != ""
        }
        rules = tree["objects"].setdefault(owner, {}).setdefault("duplicateRules", {})
        rules[rule] = sourced(element, said)


_DUPLICATE = {
    "actionOnInsert": "actionOnInsert",
    "actionOnUpdate": "actionOnUpdate",
    "alertText": "alertText",
    "isActive": "active",
    "masterLabel": "label",
}


# -- custom metadata ---------------------------------------------------------------------------------------------------


def metadata_record(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """A record of a custom metadata type, in a file named `Type.Record`."""
    owner, developer_name = name.partition(".")[::2]
    values = {each.said("field"): each.said("value") for each in element.all("values") if each.said("value")}
    said = {"label": element.said("label", developer_name), **({"values": values} if values else {})}
    objects = tree["objects"].setdefault(f"{owner}__mdt", {})
    objects.setdefault("records", {})[developer_name] = sourced(element, said)
