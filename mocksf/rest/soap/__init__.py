"""The SOAP APIs: partner calls, the login, anonymous Apex."""
