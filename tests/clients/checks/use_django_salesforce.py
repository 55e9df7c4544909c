"""django-salesforce, unmodified: a small Django project whose models are an org's objects; prints JSON.

Told by its environment alone: the ready line as MOCKSF_…, HTTPS_PROXY, REQUESTS_CA_BUNDLE.
"""

import io
import json
import os
import sys
import warnings
from datetime import date

import django
import requests
from django.conf import settings

HOST = "https://acme.my.salesforce.com"
USER, PASSWORD, APP, SECRET, REFRESH = (
    os.environ[f"MOCKSF_{each}"] for each in ("USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")
)
ORG = {"ENGINE": "salesforce.backend", "HOST": HOST, "USER": USER, "PASSWORD": PASSWORD}
KEYS = {"CONSUMER_KEY": APP, "CONSUMER_SECRET": SECRET}
settings.configure(
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
        "salesforce": {**ORG, **KEYS},
        "soap": {**ORG, "AUTH": "salesforce.auth.SimpleSfPasswordAuth"},
        "app": {**ORG, **KEYS, "AUTH": "salesforce.auth.SalesforceClientCredentialsAuth"},
        "refresh": {**ORG, **KEYS, "REFRESH_TOKEN": REFRESH, "AUTH": "salesforce.auth.RefreshTokenAuth"},
        "wrong": {**ORG, **KEYS, "PASSWORD": "wrong"},
    },
    DATABASE_ROUTERS=["salesforce.router.ModelRouter"],
    SALESFORCE_DB_ALIAS="salesforce",
    INSTALLED_APPS=["salesforce"],
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Count, Max, Q  # noqa: E402
from salesforce import models  # noqa: E402
from salesforce.dbapi.exceptions import SalesforceError  # noqa: E402

MANY = 650


class Account(models.SalesforceModel):
    """A standard object."""

    name = models.CharField(max_length=255)
    phone = models.CharField(max_length=40, null=True)
    employees = models.IntegerField(db_column="NumberOfEmployees", null=True)
    key = models.CharField(db_column="Caller_Key__c", max_length=80, null=True)
    created = models.DateTimeField(db_column="CreatedDate", sf_read_only=models.READ_ONLY)
    is_deleted = models.BooleanField(default=False, sf_read_only=models.READ_ONLY)

    class Meta(models.SalesforceModel.Meta):
        app_label = "visits"
        db_table = "Account"


class Contact(models.SalesforceModel):
    """One with a parent."""

    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=40, null=True)
    name = models.CharField(max_length=121, sf_read_only=models.READ_ONLY)
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True)

    class Meta(models.SalesforceModel.Meta):
        app_label = "visits"
        db_table = "Contact"


class Visit(models.SalesforceModel):
    """A custom one."""

    account = models.ForeignKey(Account, models.DO_NOTHING, custom=True)
    wanted_on = models.DateField(custom=True, db_column="Wanted_On__c", null=True)

    class Meta(models.SalesforceModel.Meta):
        app_label = "visits"
        db_table = "Site_Visit__c"
        custom = True


def logins():
    """How many users each login finds, and the words in which a wrong one is refused."""
    told = {}
    for name in ("salesforce", "soap", "app", "refresh", "wrong"):
        try:
            with connections[name].cursor() as cursor:
                cursor.execute("SELECT COUNT() FROM User WHERE IsActive = true")
                told[name] = cursor.fetchone()[0]
        except SalesforceError as error:
            told[name] = str(error)
    return told


def records():
    """One record from its creation to its end."""
    made = Account.objects.create(name="Acme", phone="+49301", employees=7)
    made.refresh_from_db()
    made.phone = "+49302"
    made.save(update_fields=["phone"])
    read = Account.objects.get(pk=made.pk)
    told = {"read": [read.name, read.phone, read.employees, read.created.year >= 2026]}
    made.delete()
    told["gone"] = [Account.objects.filter(pk=read.pk).exists(), Account.objects.query_all().get(pk=read.pk).is_deleted]
    try:
        Contact.objects.create(first_name="Ada")
    except SalesforceError as error:
        told["refused"] = str(error)
    return told


def family():
    """Parents and children, by each way that the ORM knows to ask for one by the other."""
    byron, reed = (Account.objects.create(name=each) for each in ("Byron", "Reed"))
    for name, account in (("Lovelace", byron), ("King", byron), ("Field", reed)):
        Contact.objects.create(last_name=name, first_name="Ada", account=account)
    Visit.objects.create(account=byron, wanted_on=date(2026, 2, 1))
    people = Contact.objects.select_related("account").order_by("last_name")
    named = Account.objects.filter(name__startswith="By")
    return {
        "joined": [[each.name, each.account.name] for each in people],
        "by parent": [each.last_name for each in people.filter(account__name="Reed")],
        "by subquery": [each.last_name for each in people.filter(account__in=named)],
        "either": people.filter(Q(last_name="Field") | Q(account__name__icontains="yro")).count(),
        "neither": [each.last_name for each in people.exclude(account=byron)],
        "children": sorted(byron.contact_set.values_list("last_name", flat=True)),
        "groups": list(Contact.objects.values_list("account__name").annotate(n=Count("pk")).order_by("account__name")),
        "greatest": Contact.objects.aggregate(greatest=Max("last_name"))["greatest"],
        "visits": list(Visit.objects.filter(wanted_on__lt=date(2026, 3, 1)).values_list("account__name", flat=True)),
        "slice": [each.last_name for each in people[1:2]],
    }


def many():
    """Many at once: created, found by more ids than an address holds, changed and deleted."""
    rows = [Account(name=f"Bulk {each:03}", key=f"b{each}", employees=each) for each in range(MANY)]
    ids = [each.pk for each in Account.objects.bulk_create(rows)]
    found = Account.objects.filter(name__startswith="Bulk")
    told = {"created": [len(set(ids)), found.count()], "by ids": Account.objects.filter(pk__in=ids).count()}
    told["changed"] = found.filter(employees__gte=500).update(phone="415")
    told["after"] = found.filter(phone="415").count()
    told["deleted"] = found.filter(employees__lt=150).delete()[0]
    told["left"] = found.count()
    for name, together in (("Alone", False), ("Together", True)):
        try:
            Account.objects.sf(all_or_none=together).bulk_create([Account(name=name), Account(name="")])
        except SalesforceError as error:
            told[name] = ["REQUIRED_FIELD_MISSING" in str(error), Account.objects.filter(name=name).exists()]
    return told


def inspected():
    """The model that it writes down from an org's describe."""
    written = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call_command("inspectdb", "Site_Visit__c", database="salesforce", stdout=written)
    return written.getvalue()


def refreshed():
    """A token that was revoked is for the client to get over."""
    token = connections["salesforce"].connection.sf_auth.get_auth()["access_token"]
    requests.post(f"{HOST}/services/oauth2/revoke", data={"token": token}, timeout=10)
    return Account.objects.filter(name="Byron").count()


told = {"logins": logins(), "records": records(), "family": family(), "many": many()}
told |= {"inspected": inspected(), "refreshed": refreshed()}
sys.stdout.write(json.dumps(told, default=str) + "\n")
