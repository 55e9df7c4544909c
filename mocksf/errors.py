"""The table of refusals: one row per situation, with its evidence; and the exception that carries one.

The name of a row is *our* word for the situation; the code is a column, because Salesforce gives one code many
sentences and statuses. How a refusal is written down belongs to the route (see dialects.py).
"""

import json
from collections.abc import Mapping
from enum import Enum, unique
from typing import Any

from mocksf.evidence import Evidence
from mocksf.forms import Form as Form
from mocksf.forms import Row as Row
from mocksf.forms import bayeux as _bayeux
from mocksf.forms import connect as _connect
from mocksf.forms import dml as _dml
from mocksf.forms import oauth as _oauth
from mocksf.forms import plain as _plain

R, D, C, A = Evidence.RECORDED, Evidence.DOCUMENTED, Evidence.CLIENT, Evidence.ASSUMED


# fmt: off
@unique
class Refuse(Enum):
    """Every situation in which the org says no. Call a row with its facts to get the exception to raise."""

    # -- sessions ------------------------------------------------------------------------------------------------
    BAD_SESSION          = _plain("INVALID_SESSION_ID", 401, "Session expired or invalid", R)
    NO_API_SCOPE         = _plain("INVALID_SESSION_ID", 401, "This session is not valid for use with the REST API", R)
    BAD_AUTH_HEADER      = _plain("INVALID_AUTH_HEADER", 401, "INVALID_HEADER_TYPE", R)
    EXPIRED_JWT          = _plain("INVALID_AUTH_HEADER", 401, "INVALID_JWT_FORMAT", R)
    DAILY_LIMIT          = _plain("REQUEST_LIMIT_EXCEEDED", 403, "TotalRequests Limit exceeded.", R)
    CONCURRENT_LIMIT     = _plain("REQUEST_LIMIT_EXCEEDED", 403, "ConcurrentPerOrgLongTxn Limit exceeded.", R)
    API_OFF              = _plain("API_DISABLED_FOR_ORG", 403, "The REST API is not enabled for this Organization.", R)
    CHATTER_OFF          = _connect("API_DISABLED_FOR_ORG", 403, "The Chatter Connect API is not enabled for this organization or user type.", R)

    # -- OAuth and login -----------------------------------------------------------------------------------------
    WRONG_PASSWORD       = _oauth("invalid_grant", "authentication failure", R)
    DEAD_REFRESH_TOKEN   = _oauth("invalid_grant", "expired access/refresh token", R)
    BAD_ASSERTION        = _oauth("invalid_grant", "invalid assertion", R)
    WRONG_AUDIENCE       = _oauth("invalid_grant", "Audience validation failed", D)
    UNAPPROVED_USER      = _oauth("invalid_grant", "user hasn't approved this consumer", R)
    INACTIVE_USER        = _oauth("invalid_grant", "inactive user", A)
    NO_RUN_AS_USER       = _oauth("invalid_grant", "no client credentials user enabled", R)
    WRONG_LOGIN_DOMAIN   = _oauth("invalid_grant", "request not supported on this domain", R)
    UNKNOWN_CLIENT       = _oauth("invalid_client_id", "client identifier invalid", R)
    WRONG_SECRET         = _oauth("invalid_client", "invalid client credentials", A)
    UNKNOWN_GRANT        = _oauth("unsupported_grant_type", "grant type not supported", A)
    NO_SCOPE_PARAMETER   = _oauth("invalid_request", "scope parameter not supported", R)
    UNGRANTED_SCOPE      = _oauth("invalid_scope", "the requested scope is not allowed", A)
    UNKNOWN_TOKEN        = _oauth("unsupported_token_type", "invalid token: {token}", A)
    DEAD_CODE            = _oauth("invalid_grant", "expired authorization code", R)
    BAD_CODE             = _oauth("invalid_grant", "invalid authorization code", A)
    BAD_VERIFIER         = _oauth("invalid_grant", "invalid code verifier", A)
    WRONG_REDIRECT       = _oauth("redirect_uri_mismatch", "redirect_uri must match configuration", A)
    UNKNOWN_RESPONSE     = _oauth("unsupported_response_type", "response type must be code or token", A)
    BAD_CHALLENGE        = _oauth("invalid_request", "code_challenge must be the SHA-256 of a verifier in base64url, its method S256", A)
    NO_CHALLENGE         = _oauth("invalid_request", "missing required code challenge", A)
    NOT_AT_ONCE          = _oauth("immediate_unsuccessful", "the user has to log in", A)
    OLD_CONSENT          = _oauth("invalid_request", "this page is no longer good; begin again in the application", A)
    DENIED               = _oauth("access_denied", "end-user denied authorization", D)
    DEAD_DEVICE          = _oauth("invalid_grant", "expired or unknown device code", A)
    DEVICE_WAITS         = _oauth("authorization_pending", "the user has not decided yet", A)
    DEVICE_HASTY         = _oauth("slow_down", "the device asks too often", A)
    MISSING_TOKEN        = Row("Missing_OAuth_Token", 403, "Missing_OAuth_Token", Form.TEXT, C)
    BAD_TOKEN            = Row("Bad_OAuth_Token", 403, "Bad_OAuth_Token", Form.TEXT, A)
    WRONG_ORG            = Row("Wrong_Org", 403, "Wrong_Org", Form.TEXT, C)
    BAD_IDENTITY         = Row("Bad_Id", 404, "Bad_Id", Form.TEXT, C)
    INVALID_LOGIN        = Row("INVALID_LOGIN", 500, "Invalid username, password, security token; or user locked out.", Form.FAULT, R)
    NO_SOAP_LOGIN        = Row("INVALID_OPERATION", 500, "SOAP API login() is not available in API version {version}; use an OAuth flow instead", Form.FAULT, A)
    BAD_SOAP_SESSION     = Row("INVALID_SESSION_ID", 500, "Invalid Session ID found in SessionHeader: Illegal Session", Form.FAULT, R)
    BAD_SOAP_VERSION     = Row("UNSUPPORTED_API_VERSION", 500, "Invalid Api version specified on URL", Form.FAULT, C)
    SOAP_OFF             = Row("API_DISABLED_FOR_ORG", 500, "API is not enabled for this Organization or Partner", Form.FAULT, C)
    ONLY_LOGIN           = Row("INVALID_OPERATION", 500, "The enterprise API answers login() alone; use the partner API", Form.FAULT, A)
    NO_SUCH_SOAP_CALL    = Row("INVALID_OPERATION", 500, "{name} is not one of the calls that are answered: {known}", Form.FAULT, A)
    NO_METADATA_RIGHT    = _plain("INSUFFICIENT_ACCESS", 403, "insufficient access rights: the Metadata API needs CustomizeApplication or ModifyAllData", A)
    NO_SUCH_METADATA     = _plain("INVALID_TYPE", 400, "Unknown type: {name}", A)
    BAD_METADATA         = _plain("INVALID_INPUT", 400, "{reason}", A)
    NO_SUCH_DEPLOY       = _plain("INVALID_CROSS_REFERENCE_KEY", 404, "invalid cross reference id: {id}", A)
    DEPLOY_OVER          = _plain("INVALID_ID_FIELD", 400, "Deployment already completed: {id}", A)
    DEPLOY_STORE         = _plain("FUNCTIONALITY_NOT_ENABLED", 400, "Deploys and retrieves are kept by one process and are not available where several share a PostgreSQL store", A)
    UNKNOWN_SOAP_CALL    = Row("UNKNOWN_EXCEPTION", 500, "{reason}", Form.FAULT, A)

    # -- routing -------------------------------------------------------------------------------------------------
    NO_SUCH_RESOURCE     = _connect("NOT_FOUND", 404, "The requested resource does not exist", R)
    NO_SUCH_KEY_FIELD    = _plain("NOT_FOUND", 404, "Provided external ID field does not exist or is not accessible: {name}", R)
    WRONG_METHOD         = _plain("METHOD_NOT_ALLOWED", 405, "HTTP Method '{method}' not allowed. Allowed are {allowed}", R)
    WRONG_MEDIA_TYPE     = _plain("UNSUPPORTED_MEDIA_TYPE", 415, "Content type '{media}' is not supported; send application/json", A)

    # -- bodies --------------------------------------------------------------------------------------------------
    BAD_JSON             = _plain("JSON_PARSER_ERROR", 400, "{reason} at [line:{line}, column:{column}]", R)
    BAD_JSON_VALUE       = _plain("JSON_PARSER_ERROR", 400, "Cannot deserialize instance of {type} from VALUE_{token} value {value} or request may be missing a required field at [line:{line}, column:{column}]", R)
    BAD_JSON_START       = _plain("JSON_PARSER_ERROR", 400, "Cannot deserialize instance of {type} from START_{token} value {value} or request may be missing a required field at [line:{line}, column:{column}]", A)
    NO_BODY              = _plain("JSON_PARSER_ERROR", 400, "The HTTP entity body is required, but this request has no entity body.", R)
    ID_IN_BODY           = _plain("INVALID_FIELD", 400, "The Id field should not be specified in the sobject data.", D)

    BAD_XML              = _plain("XML_PARSER_ERROR", 400, "{reason}", A)
    FORM_BODY            = Row("LOGIN_OAUTH_INVALID_TOKEN", 401, "Failed: Invalid Token", Form.OAUTH1, R)
    WRONG_ENCODING       = _plain("UNSUPPORTED_MEDIA_TYPE", 415, "Content encoding '{encoding}' is not supported; send gzip, deflate or none", A)
    BROKEN_ENCODING      = _plain("JSON_PARSER_ERROR", 400, "The request body is not valid {encoding} data", A)
    BAD_JSON_SHAPE       = _plain("JSON_PARSER_ERROR", 400, "Cannot deserialize instance of {type} from {token} value {value} or request may be missing a required field at [line:{line}, column:{column}]", R)
    UNKNOWN_PROPERTY     = _plain("JSON_PARSER_ERROR", 400, 'Unrecognized field "{name}" at [line:{line}, column:{column}]', R)
    BAD_PRECONDITION     = _plain("INVALID_FIELD", 400, "The value of the header {header} is not valid: {value}", A)
    PRECONDITION_FAILED  = _plain("MATCH_PRECONDITION_FAILED", 412, "The precondition given by the header {header} does not hold", A)
    KEY_IN_BODY          = _plain("INVALID_FIELD", 400, "The {field} field should not be specified in the sobject data.", A)

    # -- records -------------------------------------------------------------------------------------------------
    NO_SUCH_COLUMN       = _plain("INVALID_FIELD", 400, "No such column '{field}' on sobject of type {sobject}", R)
    NO_SUCH_PARENT       = _plain("INVALID_FIELD", 400, "Foreign key external ID: {value} not found for field {field} in entity {sobject}", R)
    AMBIGUOUS_PARENT     = _dml("DUPLICATE_EXTERNAL_ID", 400, "More than one record found for external id field: [{ids}]", A)
    NO_KEY_VALUE         = _dml("MISSING_ARGUMENT", 400, "{field} not specified", A)
    REQUIRED_MISSING     = _dml("REQUIRED_FIELD_MISSING", 400, "Required fields are missing: [{names}]", R)
    NOT_WRITABLE         = _dml("INVALID_FIELD_FOR_INSERT_UPDATE", 400, "Unable to create/update fields: {names}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", R)
    TOO_LONG             = _dml("STRING_TOO_LONG", 400, "{label}: data value too large: {value} (max length={length})", R)
    BAD_EMAIL            = _dml("INVALID_EMAIL_ADDRESS", 400, "{label}: invalid email address: {value}", D)
    BAD_PICKLIST_VALUE   = _dml("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", 400, "{label}: bad value for restricted picklist field: {value}", R)
    WRONG_TYPE           = _dml("INVALID_TYPE_ON_FIELD_IN_RECORD", 400, "{label}: value not of required type: {value}", A)
    OUT_OF_RANGE         = _dml("NUMBER_OUTSIDE_VALID_RANGE", 400, "{label}: value outside of valid range on numeric field: {value}", R)
    MALFORMED_ID         = _dml("MALFORMED_ID", 400, "{label}: id value of incorrect type: {value}", D)
    BAD_RECORD_TYPE      = _dml("INVALID_CROSS_REFERENCE_KEY", 400, "{label}: this ID value isn't valid for the user: {value}", C)
    NO_SUCH_REFERENCE    = _dml("INVALID_CROSS_REFERENCE_KEY", 400, "invalid cross reference id", C)
    NO_ACCESS_TO_PARENT  = _dml("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 400, "insufficient access rights on cross-reference id: {id15}", R)
    GONE_FOR_GOOD        = _dml("INVALID_CROSS_REFERENCE_KEY", 404, "invalid cross reference id", C)
    DELETED              = _dml("ENTITY_IS_DELETED", 404, "entity is deleted", R)
    DUPLICATE_VALUE      = _dml("DUPLICATE_VALUE", 400, "duplicate value found: {field} duplicates value on record with id: {id15}", R)
    LOCKED_KEY           = _dml("UNABLE_TO_LOCK_ROW", 500, "unable to obtain exclusive access to this record", R)
    LOCKED_ROW           = _dml("UNABLE_TO_LOCK_ROW", 500, "unable to obtain exclusive access to this record or 1 records: {id}", R)
    CANNOT_INSERT        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be inserted: {label}", R)
    CANNOT_UPDATE        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be updated: {label}", R)
    CANNOT_DELETE        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be deleted: {label}", A)
    IN_USE               = _dml("DELETE_FAILED", 400, "Your attempt to delete {name} could not be completed because it is associated with the following {children}.: {names}\n", R)
    CONVERTED_LEAD       = _dml("CANNOT_UPDATE_CONVERTED_LEAD", 400, "cannot reference converted lead", D)
    AMBIGUOUS_KEY        = _dml("DUPLICATE_EXTERNAL_ID", 300, "{count} records of {sobject} have this external ID value", A)
    WRONG_OWNER_TYPE     = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "{label}: id value of incorrect type: {value}", R)
    VALIDATION_RULE      = _dml("FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, "{message}", R)
    RULE_WITHOUT_VALUE   = _dml("FORMULA_EXPRESSION_INVALID", 400, 'Validation Formula "{name}" Invalid ({reason})', A)
    FILTERED_LOOKUP      = _dml("FIELD_FILTER_VALIDATION_EXCEPTION", 400, "{message}", A)
    DUPLICATES           = _dml("DUPLICATES_DETECTED", 400, "{message}", R)
    NOT_UNDELETABLE      = _dml("UNDELETE_FAILED", 400, "Entity is not in the recycle bin", A)
    FIELD_INTEGRITY      = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "{sentence}", A)
    NO_PRICEBOOK_ENTRY   = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "field integrity exception: PricebookEntryId, unknown (versions 3.0 and higher must specify pricebook entry id; others must specify product id)", D)
    WITHDRAWN_ENTRY      = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "field integrity exception: PricebookEntryId (pricebook entry has been {state})", C)
    OTHER_PRICEBOOK      = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "field integrity exception: unknown (pricebook entry is in a different pricebook than the one assigned to the {parent})", C)
    TWO_PRICES           = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "field integrity exception: only one of unit price or total price may be specified", C)
    TWO_PRICES_CHANGED   = _dml("INVALID_FIELD", 400, "Cannot change both 'UnitPrice' and 'TotalPrice' in update call", C)
    EMPTY_ORDER          = _dml("FAILED_ACTIVATION", 400, "An order must have at least one product.", C)
    SAME_PRICE           = _dml("DUPLICATE_VALUE", 400, "This price definition already exists in this price book", C)
    NO_STANDARD_PRICE    = _dml("STANDARD_PRICE_NOT_DEFINED", 400, "No standard price defined for this product", D)
    MEMBER_ALREADY       = _dml("DUPLICATE_VALUE", 400, "Already a campaign member.", C)
    ASSIGNED_ALREADY     = _dml("DUPLICATE_VALUE", 400, "Duplicate PermissionSetAssignment. Assignee: {user15}; Permission Set: {set15}", C)
    INACTIVE_OWNER       = _dml("INACTIVE_OWNER_OR_USER", 400, "operation performed with inactive user [{id15}] as owner of {sobject}", A)
    CIRCLE               = _dml("CIRCULAR_DEPENDENCY", 400, "attempt to violate hierarchy constraints", A)
    MIXED_DML            = _dml("MIXED_DML_OPERATION", 400, "DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): {second}, original object: {first}", A)
    NOT_MERGEABLE        = _dml("MERGE_FAILED", 400, "{reason}", A)
    BAD_CONVERTED_STATUS = _dml("INVALID_STATUS", 400, "invalid convertedStatus", C)
    NOT_CONVERTIBLE      = _dml("INVALID_FIELD", 400, "{reason}", A)
    TOO_MANY_TO_CONVERT  = _plain("EXCEEDED_LEAD_CONVERT_LIMIT", 400, "at most {maximum} leads are converted in one call", A)

    # -- replication and recent items ----------------------------------------------------------------------------
    WINDOW_TOO_SHORT     = _plain("INVALID_REPLICATION_DATE", 400, "startDate must be at least one minute greater than endDate", R)
    WINDOW_BEFORE_ORG    = _plain("INVALID_REPLICATION_DATE", 400, "startDate before org replication enabled date", R)
    WINDOW_TOO_OLD       = _plain("INVALID_REPLICATION_DATE", 400, "startDate cannot be more than {days} days ago", A)
    BAD_WINDOW_DATE      = _plain("INVALID_REPLICATION_DATE", 400, "{name} must be a date and time such as 2026-01-31T10:11:12Z, not {value}", A)
    NO_WINDOW_DATE       = _plain("MISSING_ARGUMENT", 400, "The parameter {name} is required", A)
    NOT_REPLICATEABLE    = _plain("INVALID_TYPE_FOR_OPERATION", 400, "entity type {name} does not support {operation}", A)
    TOO_MANY_CHANGES     = _plain("EXCEEDED_ID_LIMIT", 400, "more than {maximum} records changed between start and end: ask for a shorter time", D)
    BAD_RECENT_LIMIT     = _plain("INVALID_QUERY_FILTER_OPERATOR", 400, "limit must be a whole number from 1 to {maximum}, not {value}", A)

    # -- composite -----------------------------------------------------------------------------------------------
    ROLLED_BACK          = _connect("PROCESSING_HALTED", 400, "The transaction was rolled back since another operation in the same transaction failed.", R)
    NO_REFERENCE_VALUE   = _connect("PROCESSING_HALTED", 400, "Invalid reference specified. No value for {path} found in {ref}. Provided referenceId ('{path}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').", R)
    BAD_REFERENCE_ID     = _plain("JSON_PARSER_ERROR", 400, "Provided referenceId ('{ref}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').", D)

    NO_REFERENCE_ID      = _plain("JSON_PARSER_ERROR", 400, "Subrequest {number} has no referenceId", A)
    SAME_REFERENCE_ID    = _plain("JSON_PARSER_ERROR", 400, "Duplicate referenceId '{ref}': each subrequest needs its own", A)
    TOO_MANY_PARTS       = _connect("LIMIT_EXCEEDED", 400, "A composite request holds at most {maximum} subrequests; this one holds {number}", A)
    TOO_MANY_QUERIES     = _connect("LIMIT_EXCEEDED", 400, "At most {maximum} subrequests of a composite request may be queries or sObject Collections; here they are {number}", A)
    FORBIDDEN_HEADER     = _connect("INVALID_INPUT", 400, "The header {header} of subrequest {ref} is not allowed: Accept, Authorization and Content-Type are inherited", A)
    BAD_SUBREQUEST       = _connect("INVALID_INPUT", 400, "Composite: {reason}", A)
    NOT_IN_COMPOSITE     = _connect("PROCESSING_HALTED", 400, "The resource {path} is not supported in a composite request", A)
    RECORD_ROLLED_BACK   = _dml("ALL_OR_NONE_OPERATION_ROLLED_BACK", 400, "Record rolled back because not all records were valid and the request was using AllOrNone header", D)
    REPEATED_KEY         = _dml("DUPLICATE_EXTERNAL_ID", 400, "Duplicate external id specified: {value}", A)
    NO_ID_TO_UPDATE      = _dml("MISSING_ARGUMENT", 400, "Id not specified in an update call", A)
    MALFORMED_ID_ALONE   = _dml("MALFORMED_ID", 400, "malformed id {value}", D)
    TOO_MANY_CHUNKS      = _plain("LIMIT_EXCEEDED", 400, "Cannot have more than {maximum} chunks in a single operation. Please rearrange the data to reduce chunking.", C)
    TOO_MANY_RECORDS     = _plain("EXCEEDED_ID_LIMIT", 400, "record limit reached. cannot submit more than {maximum} records into this call", R)
    REFERENCE_TWICE      = _dml("INVALID_INPUT", 400, "Duplicate ReferenceId provided in the request.", R)
    TREE_NO_REFERENCE    = _plain("INVALID_INPUT", 400, "Each record needs a referenceId in its attributes", A)
    TREE_OTHER_TYPE      = _plain("INVALID_INPUT", 400, "{reference}: attributes.type must be {sobject} here", A)
    TREE_LIMIT           = _plain("LIMIT_EXCEEDED", 400, "The records of one request have at most {maximum} {what}", A)
    BATCH_LIMIT          = _connect("LIMIT_EXCEEDED", 400, "A batch holds at most {maximum} subrequests; this one holds {number}", A)
    BAD_BATCH            = _connect("INVALID_BATCH_REQUEST", 400, "Batch: {reason}", A)
    NOT_IN_BATCH         = _connect("INVALID_BATCH_REQUEST", 400, "The resource {path} is not supported in a batch", A)
    BATCH_HALTED         = _connect("BATCH_PROCESSING_HALTED", 412, "The request was halted because a previous request was unsuccessful", A)
    GRAPH_LIMIT          = _connect("LIMIT_EXCEEDED", 400, "Limit of {maximum} reached for number of {what}", R)
    BAD_GRAPH            = _connect("INVALID_INPUT", 400, "Graph: {reason}", A)
    NOT_IN_GRAPH         = _connect("PROCESSING_HALTED", 400, "The resource {path} is not supported in a composite graph", A)
    GRAPHS_HALTED        = _connect("PROCESSING_HALTED", 400, "The graph was not processed because {maximum} graphs of the request have failed", A)

    # -- hooks and actions ---------------------------------------------------------------------------------------
    APEX_ERROR           = _connect("APEX_ERROR", 500, "{message}", R)
    NO_APEX_CLASS        = _connect("NOT_FOUND", 404, "Could not find a match for URL", A)
    FLOW_FAILED          = _dml("UNKNOWN_EXCEPTION", 400, "An error occurred when executing a flow interview.", R)
    APEX_ACTION_FAILED   = _dml("UNKNOWN_EXCEPTION", 400, "{message}", A)
    NO_INPUTS            = _plain("JSON_PARSER_ERROR", 400, "The body of an action holds inputs: an array of objects", A)
    MISSING_INPUT        = _dml("REQUIRED_FIELD_MISSING", 400, "Missing required input parameter: {name}", A)
    UNKNOWN_INPUT        = _dml("INVALID_API_INPUT", 400, "The action {action} has no input parameter {name}", A)
    NO_APPROVAL_PROCESS  = _dml("NO_APPLICABLE_PROCESS", 400, "No applicable approval process was found.", A)
    NO_UI_FIELDS         = _connect("ILLEGAL_QUERY_PARAMETER_VALUE", 400, "Ask for fields, optionalFields or layoutTypes", A)
    BAD_UI_FIELD         = _connect("INVALID_FIELD", 400, "{name} is no field of {sobject}: write {sobject}.Name", A)
    BAD_APPROVAL         = _dml("INVALID_FIELD", 400, "actionType must be one of {actions}", A)
    NO_SUCH_SUBJECT      = _dml("INVALID_CROSS_REFERENCE_KEY", 400, "No user, group or record is called {name}", A)

    # -- streaming -----------------------------------------------------------------------------------------------
    HANDSHAKE_DENIED     = _bayeux(403, "Handshake denied", R)
    BAD_LISTENER_TOKEN   = _bayeux(401, "Authentication invalid", R)
    NO_LISTENER_TOKEN    = _bayeux(401, "Request requires authentication", D)
    UNKNOWN_LISTENER     = _bayeux(403, "Unknown client", R)
    ANOTHER_LISTENER     = _bayeux(400, "Authenticated user id does not match the session's user id", R)
    TOO_MANY_LISTENERS   = _bayeux(403, "Organization concurrent user limit exceeded", R)
    NO_COMETD_VERSION    = _bayeux(400, "API version in the URI is mandatory. URI format: '/cometd/{newest}'", D)
    OLD_COMETD_VERSION   = _bayeux(400, "Unsupported API version. Only API versions '{oldest}' and later are supported. URI format: '/cometd/{newest}'", D)
    BAD_CONNECTION_TYPE  = _bayeux(400, "Invalid connection type {kind}", D)
    NO_CHANNEL_NAME      = _bayeux(400, "Channel name not specified", D)
    NO_LEADING_SLASH     = _bayeux(400, "Channel subscriptions must start with a leading '/'", D)
    NO_SUCH_CHANNEL      = _bayeux(400, "The channel you requested to subscribe to does not exist {{{channel}}}", D)
    CLOSED_CHANNEL       = _bayeux(403, "Cannot create channel {channel}", D)
    BAD_REPLAY_ID        = _bayeux(400, "The replayId {{{wish}}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.", R)
    NO_PUBLISHING        = _bayeux(403, "Publishing on {channel} is denied; events are published by the REST API", A)
    UNKNOWN_META         = _bayeux(404, "Unknown meta channel {channel}", A)
    LONG_MESSAGES        = _plain("MAXIMUM_SIZE_ATTACHMENT", 413, "Maximum Request Size Exceeded", D)
    TOPIC_QUERY          = _dml("INVALID_FIELD", 400, "A push topic cannot have this query: {reason}", A)

    # -- Chatter -------------------------------------------------------------------------------------------------
    BAD_CONNECT_ID       = _connect("INVALID_ID_FIELD", 400, "Invalid identifier: {value}", D)
    MISSING_ARGUMENT     = _connect("MISSING_ARGUMENT", 400, "{reason}", A)
    BAD_CONNECT_INPUT    = _connect("INVALID_INPUT", 400, "{reason}", A)

    # -- queries -------------------------------------------------------------------------------------------------
    BAD_LOCATOR          = _plain("INVALID_QUERY_LOCATOR", 400, "invalid query locator", C)

    # -- SOQL: what is said below the caret, or alone -------------------------------------------------------------
    NO_QUERY             = _plain("MALFORMED_QUERY", 400, "A query string has to be specified", A)
    QUERY_TOO_LONG       = _plain("MALFORMED_QUERY", 400, "SOQL statements cannot be longer than {length} characters", A)
    QUERY_TOO_COMPLICATED = _plain("QUERY_TOO_COMPLICATED", 400, "Query is either selecting too many fields or the filter conditions are too complicated.", D)
    UNEXPECTED_TOKEN     = _plain("MALFORMED_QUERY", 400, "unexpected token: '{token}'", R)
    UNEXPECTED_WORD      = _plain("MALFORMED_QUERY", 400, "unexpected token: {token}", D)
    MISSING_VALUE        = _plain("MALFORMED_QUERY", 400, "missing value at '{token}'", D)
    STRANGE_CHARACTER    = _plain("MALFORMED_QUERY", 400, "line {row}:{column} unexpected token: '{character}'", D)
    STRANGE_CHARACTER_OLD = _plain("MALFORMED_QUERY", 400, "line {row}:{column} no viable alternative at character '{character}'", D)
    STRANGE_DIGIT_OLD    = _plain("MALFORMED_QUERY", 400, "line {row}:{column} mismatched character '{character}' expecting set '0'..'{last}'", D)
    NESTED_CALL_OLD      = _plain("MALFORMED_QUERY", 400, "expecting a right parentheses, found '('", D)
    UNTERMINATED_STRING  = _plain("MALFORMED_QUERY", 400, "line {row}:{column} mismatched character '<EOF>' expecting '''", A)
    BAD_ESCAPE           = _plain("MALFORMED_QUERY", 400, "Invalid string literal {literal}. Illegal character sequence '{sequence}' in string literal.", A)
    LITERAL_TOO_LONG     = _plain("MALFORMED_QUERY", 400, "a string literal of a filter cannot be longer than {length} characters", A)
    INVALID_OPERATOR     = _plain("MALFORMED_QUERY", 400, "invalid operator", D)
    INVALID_DATETIME     = _plain("MALFORMED_QUERY", 400, "Invalid datetime: {literal}", D)
    INVALID_DATE         = _plain("MALFORMED_QUERY", 400, "Invalid date: {literal}", A)
    INVALID_TIME         = _plain("MALFORMED_QUERY", 400, "Invalid time: {literal}", A)
    BIND_VARIABLE        = _plain("MALFORMED_QUERY", 400, "Bind variables only allowed in Apex code", D)
    NOT_IN_CONTEXT       = _plain("MALFORMED_QUERY", 400, "{what} not allowed in this context", A)
    APEX_CLAUSE          = _plain("MALFORMED_QUERY", 400, "rule soqlWithIdentifierClause failed predicate: {{this.helper.allowApexSyntax() && this.helper.hasApexContext()}}?", D)
    NO_SUCH_ENTITY       = _plain("INVALID_TYPE", 400, "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", R)
    NOT_QUERYABLE        = _plain("INVALID_TYPE_FOR_OPERATION", 400, "entity type {name} does not support query", C)
    NO_SUCH_FIELD        = _plain("INVALID_FIELD", 400, "No such column '{field}' on entity '{sobject}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.", R)
    NO_SUCH_RELATIONSHIP = _plain("INVALID_FIELD", 400, "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", R)
    NO_SUCH_CHILDREN     = _plain("INVALID_TYPE", 400, "Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", D)
    PATH_TOO_LONG        = _plain("INVALID_FIELD", 400, "No more than {levels} levels of relationships can be specified in a field path: {path}", A)
    TOO_MANY_PARENTS     = _plain("MALFORMED_QUERY", 400, "Maximum {count} child-to-parent relationships are allowed in a query", A)
    TOO_MANY_SUBQUERIES  = _plain("MALFORMED_QUERY", 400, "Maximum {count} parent-to-child relationships are allowed in a query", A)
    SUBQUERY_TOO_DEEP    = _plain("MALFORMED_QUERY", 400, "Nesting of parent-to-child relationships is limited to {levels} levels", A)
    DUPLICATE_FIELD      = _plain("INVALID_FIELD", 400, "duplicate field selected: {path}", D)
    DUPLICATE_ALIAS      = _plain("MALFORMED_QUERY", 400, "duplicate alias: {name}", A)
    ALIAS_WITHOUT_AGGREGATE = _plain("MALFORMED_QUERY", 400, "only aggregate expressions use field aliasing", D)
    AGGREGATE_BELOW_ROOT = _plain("MALFORMED_QUERY", 400, "only root queries support aggregate expressions", D)
    COUNT_NOT_ALONE      = _plain("MALFORMED_QUERY", 400, "COUNT() must be the only item selected and takes no ORDER BY or GROUP BY", A)
    NOT_GROUPED          = _plain("MALFORMED_QUERY", 400, "Field must be grouped or aggregated: {path}", D)
    ORDER_NOT_GROUPED    = _plain("MALFORMED_QUERY", 400, "Ordered field must be grouped or aggregated: {path}", A)
    AGGREGATE_LIMIT      = _plain("MALFORMED_QUERY", 400, "Non-grouped query that uses overall aggregate functions cannot also use LIMIT", D)
    WRONG_AGGREGATE      = _plain("MALFORMED_QUERY", 400, "field {field} does not support aggregate operator {function}", D)
    HAVING_WITHOUT_GROUP = _plain("MALFORMED_QUERY", 400, "HAVING requires GROUP BY", A)
    SUBQUERY_IN_AGGREGATE = _plain("MALFORMED_QUERY", 400, "Grouped or aggregated queries cannot contain subqueries", A)
    WRONG_DATE_FUNCTION  = _plain("MALFORMED_QUERY", 400, "field {field} does not support date function {function}", A)
    WRONG_DRESS          = _plain("MALFORMED_QUERY", 400, "field {field} does not support function {function}", A)
    BAD_DISTANCE         = _plain("MALFORMED_QUERY", 400, "DISTANCE takes a location field first, then a location field or GEOLOCATION(latitude, longitude), then 'mi' or 'km'", A)
    DISTANCE_OPERATOR    = _plain("MALFORMED_QUERY", 400, "DISTANCE can only be compared with < and >", A)
    SINGLE_CURRENCY      = _plain("MALFORMED_QUERY", 400, "currency literal {literal}: multiple currencies are not enabled for this organization", A)
    TOO_MANY_TOTALS      = _plain("MALFORMED_QUERY", 400, "GROUP BY {what} takes at most {count} fields", A)
    GROUPING_ALONE       = _plain("MALFORMED_QUERY", 400, "GROUPING is only allowed with GROUP BY ROLLUP or GROUP BY CUBE", A)
    FUNCTION_NOT_GROUPED = _plain("MALFORMED_QUERY", 400, "{function} must be in the GROUP BY clause to be selected", A)
    NOT_NAME_POINTING    = _plain("MALFORMED_QUERY", 400, "TYPEOF is only allowed on polymorphic relationships, not on '{name}'", A)
    TYPEOF_CONTEXT       = _plain("MALFORMED_QUERY", 400, "TYPEOF is not allowed in a query with GROUP BY, aggregates or functions", D)
    TYPEOF_TWICE         = _plain("MALFORMED_QUERY", 400, "the relationship '{name}' cannot be selected both by TYPEOF and by its fields", D)
    NOT_A_TARGET         = _plain("MALFORMED_QUERY", 400, "'{sobject}' is not a type that the relationship '{name}' points to", A)
    NO_CATEGORIES        = _plain("MALFORMED_QUERY", 400, "WITH DATA CATEGORY is not supported on entity '{sobject}'", A)
    NO_WITH_FIELD        = _plain("MALFORMED_QUERY", 400, "WITH is not supported on entity '{sobject}'", A)
    ORDER_FOR_UPDATE     = _plain("MALFORMED_QUERY", 400, "ORDER BY is not allowed with FOR UPDATE", D)
    AGGREGATE_PAGES      = _plain("EXCEEDED_ID_LIMIT", 400, "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch", A)
    NO_SUCH_FUNCTION     = _plain("MALFORMED_QUERY", 400, "unknown function: {name}", A)
    NOT_FILTERABLE       = _plain("INVALID_FIELD", 400, "field '{field}' can not be filtered in a query call", D)
    NOT_SORTABLE         = _plain("MALFORMED_QUERY", 400, "field '{field}' can not be sorted in a query call", D)
    NOT_GROUPABLE        = _plain("MALFORMED_QUERY", 400, "field '{field}' can not be grouped in a query call", D)
    ADDRESS_FILTER       = _plain("INVALID_FIELD", 400, "Address fields can only be filtered using Distance expressions", D)
    QUOTED_VALUE         = _plain("INVALID_FIELD", 400, "value of filter criterion for field '{field}' must be of type {type} and should not be enclosed in quotes", R)
    UNQUOTED_VALUE       = _plain("INVALID_FIELD", 400, "value of filter criterion for field '{field}' must be of type {type} and should be enclosed in quotes", R)
    BAD_ID_FILTER        = _plain("MALFORMED_QUERY", 400, "invalid ID field: {value}", D)
    BAD_ID_FILTER_OLD    = _plain("INVALID_QUERY_FILTER_OPERATOR", 400, "invalid ID field: {value}", D)
    WRONG_OPERATOR       = _plain("MALFORMED_QUERY", 400, "invalid operator on {type} field", D)
    WRONG_OPERATOR_OLD   = _plain("INVALID_QUERY_FILTER_OPERATOR", 400, "invalid operator on {type} field", D)
    FIELDS_LIMIT         = _plain("MALFORMED_QUERY", 400, "The SOQL FIELDS function must have a LIMIT of at most 200", D)
    FIELDS_EMPTY         = _plain("MALFORMED_QUERY", 400, "'FIELDS(...)' expansion function must result in at least one field being selected.", D)
    OFFSET_TOO_FAR       = _plain("NUMBER_OUTSIDE_VALID_RANGE", 400, "Maximum SOQL offset allowed is {offset}", D)
    CHILD_OFFSET         = _plain("MALFORMED_QUERY", 400, "OFFSET in a subquery is only allowed when the parent query has LIMIT 1", A)
    NO_SUCH_SCOPE        = _plain("MALFORMED_QUERY", 400, "invalid scope: {name}", A)
    SCOPE_WITH_CHILDREN  = _plain("MALFORMED_QUERY", 400, "USING SCOPE is not allowed with parent-child relationship queries", A)
    LINK_UNFILTERED      = _plain("MALFORMED_QUERY", 400, "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.", D)
    SEMI_JOIN_OR         = _plain("MALFORMED_QUERY", 400, "Semi join sub-selects are not allowed with the 'OR' operator", D)
    SEMI_JOIN_LEVEL      = _plain("MALFORMED_QUERY", 400, "Semi join sub-selects are only allowed at the top level WHERE expressions.", D)
    SEMI_JOIN_NESTED     = _plain("MALFORMED_QUERY", 400, "Nesting of semi join sub-selects is not supported", D)
    SEMI_JOIN_COLUMN     = _plain("MALFORMED_QUERY", 400, "semi join sub-selects can only query id fields, cannot use: '{field}'", D)
    SEMI_JOIN_SAME       = _plain("MALFORMED_QUERY", 400, "The inner and outer selects should not be on the same object type", D)
    SEMI_JOIN_PATH       = _plain("MALFORMED_QUERY", 400, "inner select field cannot have more than one level of relationships", D)
    SEMI_JOIN_COUNT      = _plain("MALFORMED_QUERY", 400, "Maximum {count} semi join sub-selects are allowed", D)
    SEMI_JOIN_ENTITY     = _plain("MALFORMED_QUERY", 400, "Entity '{name}' is not supported for semi join inner selects", R)
    SEMI_JOIN_TYPES      = _plain("MALFORMED_QUERY", 400, "The selected field '{inner}' in the subquery and the left operand field in the where expression in the outer query '{outer}' should point to the same object type", D)

    # -- SOSL -------------------------------------------------------------------------------------------------------
    NO_SEARCH_TERM       = _plain("MALFORMED_SEARCH", 400, "No search term found. The search term must be enclosed in braces.", R)
    SEARCH_TERM_SHORT    = _plain("MALFORMED_SEARCH", 400, "search term must be longer than one character: {term}", C)
    SEARCH_CHARACTER     = _plain("MALFORMED_SEARCH", 400, "line {row}:{column} mismatched character '{character}' expecting '}}'", R)
    SEARCH_TOKEN         = _plain("MALFORMED_SEARCH", 400, "unexpected token: '{token}'", A)
    SEARCH_TOO_LONG      = _plain("MALFORMED_SEARCH", 400, "SOSL statements cannot be longer than {length} characters", A)
    SEARCH_TOO_DEEP      = _plain("MALFORMED_SEARCH", 400, "the search query is nested too deeply", A)
    BAD_SEARCH           = _plain("MALFORMED_SEARCH", 400, "{reason}", A)
    SEARCH_OFFSET        = _plain("INVALID_SEARCH", 400, "SOSL offset should be between 0 to {offset}", D)
    SEARCH_OFFSET_ALONE  = _plain("MALFORMED_SEARCH", 400, "OFFSET is only allowed when a single sObject is returned", A)
    SEARCH_WITH          = _plain("MALFORMED_SEARCH", 400, "WITH {what} is not supported in this organization", A)
    NO_LIST_VIEW         = _plain("MALFORMED_SEARCH", 400, "no list view is named '{name}'", A)
    NOT_SEARCHABLE       = _plain("INVALID_TYPE_FOR_OPERATION", 400, "entity type {name} does not support search", A)
    BAD_SEARCH_PARAMETER = _plain("INVALID_FIELD", 400, "parameterizedSearch: {reason}", A)

    # -- bulk jobs ---------------------------------------------------------------------------------------------------
    NO_SUCH_JOB          = _plain("INVALIDJOB", 404, "Unable to find job with id: {id}", A)
    NO_SUCH_BATCH        = _plain("INVALIDBATCH", 400, "Unable to find batch with id: {id}", A)
    NO_SUCH_RESULT       = _plain("INVALIDBATCH", 400, "Unable to find result with id: {id}", A)
    BULK_JOB             = _plain("INVALIDJOB", 400, "InvalidJob : {reason}", A)
    BULK_STATE           = _plain("INVALIDJOBSTATE", 400, "Invalid job state: the job is {state}; {wish}", A)
    BULK_BATCH           = _plain("INVALIDBATCH", 400, "InvalidBatch : {reason}", A)
    BULK_INPUT           = _plain("CLIENTINPUTERROR", 400, "ClientInputError : {reason}", A)
    BULK_QUERY           = _plain("FUNCTIONALITY_NOT_ENABLED", 400, "Bulk queries do not support {what}", A)
    WRONG_BULK_TYPE      = _plain("CLIENTINPUTERROR", 415, "Content type '{media}' is not supported; send {wish}", A)
    RAGGED_ROW           = _dml("INVALID_CSV_ROW", 400, "The row has {cells} cells, the header {columns}", A)
    TOO_MANY_BATCHES     = _plain("EXCEEDEDQUOTA", 400, "ExceededQuota : The batches of the last 24 hours are used up", A)
    BULK_STORE           = _plain("FUNCTIONALITY_NOT_ENABLED", 400, "Bulk jobs are kept by one process and are not available where several share a PostgreSQL store", A)

    # -- the house in trouble ------------------------------------------------------------------------------------
    UNEXPECTED           = _plain("UNKNOWN_EXCEPTION", 500, "An unexpected error occurred. Please include this ErrorId if you contact support: {id}", R)
    READ_ONLY            = _plain("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 503, "The org is in read-only mode during maintenance", A)
    UNAVAILABLE          = _plain("SERVER_UNAVAILABLE", 503, "The server is busy. Please try again later.", A)
    # fmt: on

    def __call__(self, *, fields: tuple[str, ...] = (), **facts: object) -> "Refusal":
        """The exception for this situation. `fields` are API names; `facts` fill the sentence."""
        said = {name: _spelt(fact) for name, fact in facts.items()}
        return Refusal(self, self.value.sentence.format(**said), fields)


def _spelt(fact: object) -> object:
    """What a sentence says of a fact: of a JSON value what the client wrote, not what Python calls it."""
    return json.dumps(fact, ensure_ascii=False) if fact is None or isinstance(fact, bool | list | dict) else fact


class Refusal(Exception):
    """The org says no. Raised below the router, written down by the router, never seen above it."""

    def __init__(
        self, situation: Refuse, message: str, fields: tuple[str, ...] = (), extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.situation = situation
        self.code = situation.value.code
        self.status = situation.value.status
        self.form = situation.value.form
        self.message = message
        self.fields = fields
        self.extra = extra or {}
        """Further keys of the entry, such as `duplicateResult`."""
        self.siblings: tuple[Refusal, ...] = ()
        """Further entries of the same answer (several validation rules may speak at once)."""
