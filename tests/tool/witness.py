# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who looked, as the kernel tells it: opened files, connections, colours of a film."""
import ctypes
import os
import socket
import struct
import subprocess

import numpy

IN_ACCESS, IN_MODIFY, IN_ATTRIB, IN_OPEN = 1, 2, 4, 0x20
SECRET_COLOUR = (255, 0, 255)


class Watched:
    """Files that nobody may open, read, change or touch, by inotify: it sees every process."""

    def __init__(self, *paths):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.names = {}
        for path in paths:
            watch = self.libc.inotify_add_watch(self.fd, os.fsencode(path), IN_ACCESS | IN_MODIFY | IN_ATTRIB | IN_OPEN)
            if watch < 0:
                raise OSError(ctypes.get_errno(), "inotify_add_watch", str(path))
            self.names[watch] = str(path)

    def events(self):
        """(path, what) since the last call."""
        found = []
        try:
            while data := os.read(self.fd, 65536):
                while data:
                    watch, mask, _, length = struct.unpack_from("iIII", data)
                    found.append((self.names.get(watch, "?"), mask))
                    data = data[16 + length:]
        except BlockingIOError:
            pass
        return found

    def close(self):
        os.close(self.fd)


class Listener:
    """A server to which nobody may connect."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def connected(self):
        try:
            self.socket.accept()
            return True
        except BlockingIOError:
            return False

    def close(self):
        self.socket.close()


def shows_secret(film, colour=SECRET_COLOUR):
    """Whether any pixel of any decoded frame is near the secret's colour."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(film), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         check=True, capture_output=True).stdout
    pixels = numpy.frombuffer(raw, numpy.uint8).reshape(-1, 3).astype(int)
    return bool((abs(pixels - colour).max(axis=1) < 60).any())
