"""A proxy between the program and a server of S3 that fails as networks and servers do; what has to come of it is judged elsewhere."""

import contextlib
import http.client
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PATIENCE_S = 60
SLOW_DOWN = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
ENTRY = re.compile(rb"<Contents>.*?</Contents>", re.S)
# hop by hop, or written anew here
OWN = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


class Between:
    """What is done to requests now, and how many there were."""

    def __init__(self, address):
        target = urlsplit(address)
        self.target = (target.hostname, target.port)
        self.mode = "as it is"
        self.requests = 0
        # what a list that is old does not have
        self.unseen = re.compile(r"(?!)")

    def forward(self, handler, body):
        """The server's answer to a request as it came."""
        connection = http.client.HTTPConnection(*self.target, timeout=PATIENCE_S)
        connection.request(handler.command, handler.path, body, dict(handler.headers))
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def spoilt(self, handler, status, content):
        """An answer as a server gives it that lies."""
        is_list = "list-type" in parse_qs(urlsplit(handler.path).query)
        if self.mode == "old" and is_list:
            content = ENTRY.sub(lambda found: b"" if self.unseen.search(found.group().decode()) else found.group(), content)
        if self.mode == "old" and self.unseen.search(handler.path) and handler.command == "GET":
            return 404, b"<Error><Code>NoSuchKey</Code><Message>old</Message></Error>"
        if self.mode == "wrong" and handler.command == "GET" and status < 300 and not is_list and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        return status, content


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    between = None

    def log_message(self, *_):
        """Nobody reads it."""

    def handle_one(self):
        """Fails as it is told to."""
        own = self.between
        own.requests += 1
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if own.mode == "down":
            self.close_connection = True
            return
        if own.mode == "busy":
            self.answered(503, [("content-type", "application/xml")], SLOW_DOWN)
            return
        if own.mode == "silent":
            time.sleep(PATIENCE_S)
            self.close_connection = True
            return
        if own.mode == "slow":
            time.sleep(0.3)
        status, told, content = own.forward(self, body)
        fields = [field for field in told if field[0].lower() not in OWN]
        # what was asked for is done, and nobody is told
        if self.command in ("PUT", "POST") and (own.mode == "unheard" or own.mode == "unheard commit" and "/commits/" in self.path):
            self.close_connection = True
            return
        status, content = own.spoilt(self, status, content)
        cut = own.mode == "cut" and self.command == "GET" and len(content) > 1
        length = dict((name.lower(), value) for name, value in told).get("content-length") if self.command == "HEAD" else None
        self.answered(status, fields, content, len(content) // 2 if cut else None, "0" if own.mode == "hollow" else length)

    def answered(self, status, fields, content, sent=None, length=None):
        """Writes an answer, or the beginning of it; an answer without a body can say how long that would be."""
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("content-length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:sent])
        if sent is not None:
            self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one


class Server(ThreadingHTTPServer):
    """A server whose clients may go when they like."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """They went."""


@contextlib.contextmanager
def between(address):
    """A proxy in front of a server, and its address, as long as the context."""
    own = Between(address)
    server = Server(("127.0.0.1", 0), type("Own", (Handler,), {"between": own}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    own.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
