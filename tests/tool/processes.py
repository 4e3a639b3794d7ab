# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processes that the tool starts and that cannot say who they are: nothing that reads a medium may write."""
import contextlib
import itertools
import os
import pathlib
import time

NUMBERS = itertools.count()


def unique_sleep():
    """Words of a command that takes ten minutes and that nobody else has."""
    return ["sleep", f"600.{os.getpid()}{next(NUMBERS):04}"]


def wait_for(words, seconds=30):
    """The number of the process with this command line, once it is there."""
    wanted = b"".join(word.encode() + b"\0" for word in words)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if line.read_bytes() == wanted:
                    return int(line.parent.name)
        time.sleep(0.01)
    raise TimeoutError(f"{words} was not started")
