from typing import NamedTuple


class Person(NamedTuple):
    """Who acts on a page: signed in, or proved by a code to read the mails of an
    address.
    """

    name: str
    # login, or the address the code was sent to
    address: str
    # of the network
    ip: str
