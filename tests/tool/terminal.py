# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import pty
import re
import select
import subprocess
import time

LONGEST = 20  # s


class Terminal:
    """A program with a terminal of its own."""

    def __init__(self, words, folder, **environment):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, cwd=folder,
                                        env={**os.environ, "NO_COLOR": "1", **environment})
        os.close(slave)
        self.said = ""

    def until(self, pattern):
        """What has been said when the pattern comes; forgets it."""
        end = time.monotonic() + LONGEST
        while not re.search(pattern, self.said):
            assert time.monotonic() < end, f"{pattern} does not come after {self.said!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.master, 4096).decode(errors="replace")
                except OSError:
                    break
        found = re.search(pattern, self.said)
        assert found, f"{pattern} is not in {self.said!r}"
        text, self.said = self.said[:found.end()], self.said[found.end():]
        return text

    def press(self, keys, pattern):
        self.said = ""
        os.write(self.master, keys.encode())
        return self.until(pattern)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
