"""Starts the program's server over a public store on a free port, and sends requests as they are written; nothing is judged here."""

import contextlib
import http.client
import re
import subprocess
from types import SimpleNamespace

from opened import fail

# an answer that takes longer is one of the findings
PATIENCE_S = 30


@contextlib.contextmanager
def serving(judge, program, public):
    """The address of a server that runs as long as the context."""
    command = [str(program.resolve()), "serve", "--public", str(public), "--listen", "127.0.0.1:0", "--look-every", "3600"]
    # a judge asks faster than anybody may, and nobody else is served
    command += ["--rate", "0", "--notice-seconds", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        address = None
        for line in process.stdout:
            address = re.search(r"http://[0-9.:]+", line)
            if address:
                break
        if not address:
            fail(judge, f"`{program} serve` over {public} ended without saying where it listens")
        yield address.group()
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        process.stdout.close()


def ask(address, target, method="GET", headers=None, body=None):
    """Status, header fields in their order, and body of the answer to a request, of which nothing is rewritten."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE_S)
    try:
        connection.putrequest(method, target, skip_host="host" in (headers or {}), skip_accept_encoding=True)
        content = body.encode() if body is not None else None
        if content is not None:
            connection.putheader("content-length", str(len(content)))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders(content)
        answer = connection.getresponse()
        fields = [(name.lower(), value) for name, value in answer.getheaders()]
        return SimpleNamespace(status=answer.status, fields=fields, body=answer.read())
    finally:
        connection.close()
