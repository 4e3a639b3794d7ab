# SPDX-License-Identifier: LGPL-2.1-or-later
"""A web server on loopback that misbehaves on request, and remembers what it was asked."""
import email.utils
import hashlib
import http.server
import socket
import ssl
import struct
import subprocess
import threading
import time


class Resource:
    """What lies at one path: its content, and the faults that the next requests meet, one each.

    A fault is a function of (handler, resource) that answers, or does something and returns True for the
    usual answer to follow.
    """

    def __init__(self, content, faults=(), modified=1700000000, etag=True):
        self.content, self.faults, self.modified, self.etag = content, list(faults), modified, etag

    def validators(self):
        found = {"Last-Modified": email.utils.formatdate(self.modified, usegmt=True)}
        if self.etag:
            found["ETag"] = f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'
        return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site = ""  # what stands before paths in a tunnel: https://HOST

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        """A tunnel to any host, whose other end is here."""
        self.send_response(200)
        self.end_headers()
        self.site = "https://" + self.path.removesuffix(":443")
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True  # the certificate was refused
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self):
        path = self.site + self.path
        self.server.requests.append((path, dict(self.headers.items())))
        resource = self.server.resources.get(path.split("?")[0])
        if not resource:
            self.answer(404, b"not here")
            return
        fault = resource.faults.pop(0) if resource.faults else None
        if not fault or fault(self, resource):
            self.serve(resource)

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def asked_from(self, resource):
        """Where the range that is asked for begins, if that is still the same content."""
        wanted, condition = self.headers.get("Range"), self.headers.get("If-Range")
        if not wanted or (condition and condition not in resource.validators().values()):
            return 0
        return int(wanted.removeprefix("bytes=").split("-")[0])

    def begin(self, resource, first=None, length=None, headers=None):
        """The head of the right answer, or of one that is wrong where told; returns the body."""
        first = self.asked_from(resource) if first is None else first
        body = resource.content[first:]
        if first >= len(resource.content) > 0:
            self.answer(416, headers={"Content-Range": f"bytes */{len(resource.content)}"})
            return b""
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(resource.content) - 1}/{len(resource.content)}")
        for name, value in {"Content-Length": len(body) if length is None else length(len(body)),
                            **resource.validators(), **(headers or {})}.items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        return body

    def serve(self, resource):
        self.wfile.write(self.begin(resource))


def status(code, **headers):
    return lambda handler, _: handler.answer(code, b"no", {k.replace("_", "-"): v for k, v in headers.items()})


def redirect(url, code=302):
    return status(code, Location=url)


def cut(after):
    """The connection ends after so many bytes of the body (or that share of it)."""
    def fault(handler, resource):
        body = handler.begin(resource)
        handler.wfile.write(body[:int(after * len(body)) if isinstance(after, float) else after])
        handler.wfile.flush()
        handler.close_connection = True
    return fault


def reset(handler, resource):
    """Half of the body, and then the connection is reset."""
    body = handler.begin(resource)
    handler.wfile.write(body[:len(body) // 2])
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def endless_error(handler, _):
    """An error whose page has no end."""
    handler.send_response(404)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(bytes(100_000))
    except OSError:
        handler.close_connection = True


def hang_up(handler, _):
    """No answer at all."""
    handler.close_connection = True


def garbage(handler, _):
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    handler.close_connection = True


def stall(handler, resource):
    """A third of the body, and then nothing until the client goes."""
    body = handler.begin(resource)
    handler.wfile.write(body[:len(body) // 3])
    handler.wfile.flush()
    handler.connection.settimeout(60)
    handler.connection.recv(1)
    handler.close_connection = True


def throttle(handler, resource):
    body = handler.begin(resource)
    for at in range(0, len(body), 1 + len(body) // 8):
        handler.wfile.write(body[at:at + 1 + len(body) // 8])
        handler.wfile.flush()
        time.sleep(0.01)


def says_longer(handler, resource):
    handler.wfile.write(handler.begin(resource, length=lambda n: n + 100))
    handler.close_connection = True


def says_shorter(handler, resource):
    handler.wfile.write(handler.begin(resource, length=lambda n: max(0, n - 100)))
    handler.close_connection = True


def without_length(handler, resource):
    handler.wfile.write(handler.begin(resource, length=lambda n: None, headers={"Connection": "close"}))
    handler.close_connection = True


def chunked(handler, resource):
    body = handler.begin(resource, length=lambda n: None, headers={"Transfer-Encoding": "chunked"})
    if body:
        for part in (body[:len(body) // 2], body[len(body) // 2:]):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if part else b"")
        handler.wfile.write(b"0\r\n\r\n")


def ignores_range(handler, resource):
    handler.wfile.write(handler.begin(resource, first=0))


def wrong_range(handler, resource):
    """A rest that begins elsewhere than asked for."""
    first = handler.asked_from(resource)
    handler.wfile.write(handler.begin(resource, first=first // 2))


def not_satisfiable(handler, resource):
    if not handler.headers.get("Range"):
        return True
    handler.answer(416, headers={"Content-Range": f"bytes */{len(resource.content)}"})


def other_content(content):
    """From now on something else lies there."""
    def fault(_, resource):
        resource.content = content
        resource.modified += 100
        return True
    return fault


def certificate(path, *names):
    """Makes a certificate that is its own authority, for names like DNS:example.org or IP:127.0.0.1, with its key in the
    same file."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-subj", "/CN=test", "-addext", "subjectAltName=" + ",".join(names), "-keyout", path, "-out",
                    f"{path}.part"], check=True, capture_output=True)
    with open(path, "a", encoding="ascii") as file, open(f"{path}.part", encoding="ascii") as part:
        file.write(part.read())
    return path


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address="127.0.0.1", tunnel=None, tls=None):
        """`tunnel`: a certificate's file, with which it answers as a proxy for all hosts; `tls`: one with which it answers
        itself."""
        super().__init__((address, 0), Handler)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.scheme = "https" if tls else "http"
        if tunnel or tls:
            self.tls.load_cert_chain(tunnel or tls)
        if tls:
            self.socket = self.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.requests, self.resources, self.connections = [], {}, 0
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # clients hang up here

    def url(self, path):
        return f"{self.scheme}://{self.server_address[0]}:{self.server_address[1]}{path}"

    def put(self, path, content, *faults, **options):
        self.resources[path] = Resource(content, faults, **options)
        return self.url(path)

    def asked(self, path):
        """The headers of each request for it."""
        return [headers for wanted, headers in self.requests if wanted.split("?")[0] == path]

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()
