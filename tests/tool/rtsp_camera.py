# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network camera that shows one colour: as much of RTSP (RFC 2326) as a client needs, and RTP from gst-launch-1.0."""
import socket
import socketserver
import subprocess
import threading

SDP = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track\r\n")


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        sender = None
        while request := self.read():
            method, headers = request
            answer = {"CSeq": headers.get("cseq", "0"), "Session": "1;timeout=60"}
            body = ""
            if method == "OPTIONS":
                answer["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
            elif method == "DESCRIBE":
                body = SDP
                answer["Content-Type"] = "application/sdp"
            elif method == "SETUP":
                if "client_port=" not in headers["transport"]:
                    self.reply({"CSeq": answer["CSeq"]}, "", "461 Unsupported Transport")
                    continue
                port = int(headers["transport"].split("client_port=")[1].split("-")[0])
                answer["Transport"] = f"RTP/AVP;unicast;client_port={port}-{port + 1};server_port=40000-40001"
            elif method == "PLAY":
                sender = self.server.send(port)
            self.reply(answer, body)
            if method == "TEARDOWN":
                break
        if sender:
            sender.kill()
            sender.wait()

    def read(self):
        """The method and the headers of the next request; None at the end."""
        line = self.rfile.readline().decode().strip()
        headers = {}
        while header := self.rfile.readline().decode().strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        return (line.split()[0], headers) if line else None

    def reply(self, headers, body, status="200 OK"):
        headers["Content-Length"] = str(len(body))
        lines = [f"RTSP/1.0 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", body]
        self.wfile.write("\r\n".join(lines).encode())


class Camera(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, pattern, width, height):
        super().__init__(("127.0.0.1", 0), Session)
        self.look = f"pattern={pattern} ! video/x-raw,width={width},height={height},framerate=25/1"
        self.uri = f"rtsp://127.0.0.1:{self.server_address[1]}/camera"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def send(self, port):
        line = (f"gst-launch-1.0 -q videotestsrc is-live=true {self.look} ! x264enc tune=zerolatency speed-preset=ultrafast "
                f"key-int-max=12 ! rtph264pay config-interval=-1 pt=96 ! udpsink host=127.0.0.1 port={port}")
        return subprocess.Popen(line.split(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that goes is no error."""


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
