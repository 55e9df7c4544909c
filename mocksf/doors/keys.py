"""A key pair for signed assertions: the private half for the client, the public half for the connected app."""

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

BITS = 2048


def key_pair() -> tuple[str, str]:
    """A new private key and its public key, both PEM: what RS256 assertions are signed and checked with."""
    private = generate_private_key(public_exponent=65537, key_size=BITS)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return secret.decode(), public.decode()
