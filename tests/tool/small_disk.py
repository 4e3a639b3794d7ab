# SPDX-License-Identifier: LGPL-2.1-or-later
"""File systems of chosen size, seen by this process and its children only."""
import contextlib
import ctypes
import os
import subprocess
import tempfile
import unittest

CLONE_NEWNS = 0x00020000


def of_its_own():
    """Makes this process's mounts its own; says whether it may mount at all."""
    return os.geteuid() == 0 and ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0 and subprocess.run(
        ["mount", "--make-rprivate", "/"], capture_output=True).returncode == 0


MAY_MOUNT = of_its_own()


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True, capture_output=True)


@contextlib.contextmanager
def disk(options):
    """The path of an empty file system with these mount options, as `size=1m`."""
    if not MAY_MOUNT:
        raise unittest.SkipTest("mounting is not permitted")
    with tempfile.TemporaryDirectory() as folder:
        mount("-t", "tmpfs", "-o", options, "none", folder)
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
