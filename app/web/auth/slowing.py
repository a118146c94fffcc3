"""How often a link may be asked for: slow enough to guess nothing and to flood no mailbox, and never so that
somebody else’s asking shuts an owner out.

Every bound is of a network and an address together, except one: beyond so many letters an hour to one
address, only a network’s first asking in a while still gets one. So the owner, who asks from elsewhere, does.
"""

from ipaddress import IPv6Address, ip_address

from flask import request
from limits import parse

from app.extensions import limiter

ADDRESS_LENGTH = 254
PER_NETWORK = "100 per 15 minutes"
"""Wide, since a whole building may stand behind one network address."""
PER_ADDRESS_AND_NETWORK = "5 per 10 minutes"
LETTERS = parse("20 per hour")
FIRST_ASKING = parse("1 per 10 minutes")
_HOSTS = 64


def address() -> str:
    """The e-mail address asked for, as it is looked up."""
    return request.form.get("email", "").strip().lower()[:ADDRESS_LENGTH]


def network() -> str:
    """Where the request comes from. Of IPv6 the first half: a household holds the whole of the other."""
    here = request.remote_addr or ""
    try:
        found = ip_address(here)
    except ValueError:
        return here
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Address(int(found) >> _HOSTS << _HOSTS))
    return str(found)


def address_here() -> str:
    """The address together with the network."""
    return f"{address()} {network()}"


def too_many_letters() -> bool:
    """Whether this asking would be one letter too many; asking counts it."""
    bucket = limiter.limiter
    if bucket.hit(FIRST_ASKING, "first asking", address_here()):
        return False
    return not bucket.hit(LETTERS, "letters", address())
