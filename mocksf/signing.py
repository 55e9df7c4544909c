"""The key with which an org signs: it follows from the org's seed, so that a run can be played again.

A seed is no secret: whoever knows it can sign as the org does. For a stand-in that is what is wanted.
"""

from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from mocksf.dice import Dice

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_PRIME_BITS = 1024
_EXPONENT = 65537
_ROUNDS = 6
"""Of Miller and Rabin's test: for numbers drawn at random, as here, the chance of a mistake is far below 2**-100."""
_SMALL = [each for each in range(3, 2000, 2) if all(each % other for other in range(3, int(each**0.5) + 1, 2))]


class Signing:
    """An org's signatures: RS256 over claims. The key is made when it is first asked for (a second's work)."""

    def __init__(self, org_id: str, seed: int) -> None:
        self.key_id = f"{org_id[:15]}.1"
        self._dice = Dice(seed).named(f"signing {org_id}")
        self._chance = self._dice.getstate()

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric import rsa  # most orgs sign nothing

        self._dice.setstate(self._chance)
        p, q = _prime(self._dice), _prime(self._dice)
        d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
        public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
        parts = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        return rsa.RSAPrivateNumbers(p, q, d, *parts, public).private_key()

    def signed(self, claims: dict[str, Any], **head: str) -> str:
        """A JSON web token of these claims."""
        import jwt

        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id, **head})

    def public(self) -> dict[str, Any]:
        """The public half as a JSON web key."""
        from jwt.algorithms import RSAAlgorithm

        known = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"kty": "RSA", "n": known["n"], "e": known["e"], "alg": "RS256", "use": "sig", "kid": self.key_id}


def _prime(dice: Random) -> int:
    """A prime of `_PRIME_BITS` bits, its two highest set, that leaves the exponent an inverse."""
    while True:
        number = dice.getrandbits(_PRIME_BITS) | (0b11 << (_PRIME_BITS - 2)) | 1
        if (number - 1) % _EXPONENT and _is_prime(number, dice):
            return number


def _is_prime(number: int, dice: Random) -> bool:
    if any(number % each == 0 for each in _SMALL) or pow(2, number - 1, number) != 1:
        return False
    halvings = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> halvings
    return all(_witnessed(number, dice.randrange(2, number - 1), odd, halvings) for _ in range(_ROUNDS))


def _witnessed(number: int, base: int, odd: int, halvings: int) -> bool:
    """Whether a base has nothing to say against a number's being prime."""
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    return any((power := pow(power, 2, number)) == number - 1 for _ in range(halvings - 1))
