"""How schemathesis writes a body of SQL; which bodies it tries is schemathesis.toml's and the document's."""

import schemathesis


@schemathesis.serializer("application/sql")
def query(_context, value):
    """The text itself, as what it says is for the server to judge; what a schema of texts forbids (a number, a list) is sent as its own words."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
