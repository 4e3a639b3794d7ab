#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What fetching costs from a server on loopback that sends 1 Gbit/s: fetch.py SOURCE_ROOT TOOL WORK_DIR [--megabytes N]

One file, several at once, and many small ones, as HLS has them.  Prints the rate that came through and the share of one
core that the fetch took; the server is a process of its own.
"""
import argparse
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

RATE = 125e6  # bytes per second, of all connections together
PIECE = 256 << 10


class Throttle:
    """Lets so many bytes pass in a second, however many ask."""

    def __init__(self):
        self.lock, self.free_at = threading.Lock(), 0.0

    def wait(self, size):
        with self.lock:
            begins = max(self.free_at, time.monotonic() - 0.02)
            self.free_at = begins + size / RATE
        time.sleep(max(0.0, self.free_at - time.monotonic() - 0.005))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    throttle = Throttle()
    piece = os.urandom(PIECE)

    def log_message(self, *_):
        pass

    def do_GET(self):
        size = int(self.path.rsplit("/", 1)[1].split(".")[0])
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.send_header("ETag", '"1"')
        self.end_headers()
        while size > 0:
            sent = min(size, PIECE)
            self.throttle.wait(sent)
            self.wfile.write(self.piece[:sent])
            size -= sent


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def measure(tool, folder, port, files, size):
    """Seconds of wall time and of processor time."""
    assets = {f"a{i}": {"uri": f"http://127.0.0.1:{port}/{i}/{size}.png"} for i in range(files)}
    job = folder / "job.json"
    job.write_text(json.dumps({
        "rostrum": 1, "duration": files, "assets": assets,
        "tracks": [{"id": "deck", "kind": "slides", "clips": [
            {"asset": name, "start": i, "duration": 1} for i, name in enumerate(assets)]}]}))
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    before, begun = os.times(), time.monotonic()
    subprocess.run([tool, "fetch", job, "-o", folder / "out", "--allow-http", "--allow-host", "127.0.0.1", "--progress",
                    "none"], check=True, env=environment, stdout=subprocess.DEVNULL)
    wall, after = time.monotonic() - begun, os.times()
    shutil.rmtree(folder / "out")
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("tool")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        print("| files | Mbit/s | of one core |\n|---|---|---|")
        for files in (1, 4, 100):
            size = arguments.megabytes * 1_000_000 // files
            with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
                wall, cpu = measure(arguments.tool, pathlib.Path(folder), port, files, size)
            print(f"| {files} of {size / 1e6:.0f} MB | {files * size * 8 / wall / 1e6:.0f} | {100 * cpu / wall:.1f} % |")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
