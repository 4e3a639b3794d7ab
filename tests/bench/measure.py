# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command and says what it cost: time, processor, memory and disk of its whole tree of processes."""
import dataclasses
import os
import pathlib
import statistics
import subprocess
import threading
import time

INTERVAL = 0.05  # seconds between two looks at the processes


@dataclasses.dataclass
class Cost:
    wall: float = 0.0  # seconds
    cpu: float = 0.0  # seconds, user and system, of the process and of all the children that it waited for
    parent: int = 0  # largest resident size of the first process, bytes
    children: int = 0  # of the largest one among the others
    scratch: int = 0  # bytes on disk
    others: float = 0.0  # CPU seconds that everybody else took meanwhile

    @property
    def peak(self):
        return max(self.parent, self.children)

    def then(self, other):
        """One command after another."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.parent, other.parent),
                    max(self.children, other.children), max(self.scratch, other.scratch), self.others + other.others)


def median(costs):
    return Cost(*(statistics.median(getattr(c, field.name) for c in costs) for field in dataclasses.fields(Cost)))


def children_of(pid):
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []  # it has just ended
    found = []
    for task in tasks:
        try:
            found += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
        except OSError:
            pass  # likewise
    return found


def resident_peak(pid):
    """The kernel's own high-water mark, so that looking now and then misses no peak but a process's last."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def disk(folder):
    """Bytes that the files below `folder` take."""
    total = 0
    for path in folder.rglob("*"):
        try:
            stat = path.lstat()
        except OSError:
            continue  # renamed or removed in between
        total += stat.st_blocks * 512 if path.is_file() else 0
    return total


def machine_busy():
    """CPU seconds that all processes of the machine have taken since it started."""
    first_line = pathlib.Path("/proc/stat").read_text().split("\n")[0]
    user, nice, system, _, _, irq, softirq, *_ = map(int, first_line.split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class Watch(threading.Thread):
    """Looks at a process, its descendants and the scratch folder until told to stop."""

    def __init__(self, pid, scratch):
        super().__init__(daemon=True)
        self.pid, self.scratch, self.cost = pid, scratch, Cost()
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(INTERVAL):
            self.look()

    def look(self):
        self.cost.parent = max(self.cost.parent, resident_peak(self.pid))
        below = children_of(self.pid)
        while below:
            child = below.pop()
            self.cost.children = max(self.cost.children, resident_peak(child))
            below += children_of(child)
        self.cost.scratch = max(self.cost.scratch, disk(self.scratch))


def run(command, scratch, log, variables=None):
    """The cost of `command`, whose temporary files go into `scratch` and whose words into `log`; ends the bench if
    it fails."""
    words = [str(word) for word in command]
    environment = {**os.environ, "TMPDIR": str(scratch), **(variables or {})}
    with open(log, "w") as out:
        begun, busy = time.monotonic(), machine_busy()
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
        watch = Watch(child.pid, scratch)
        watch.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
    cpu = usage.ru_utime + usage.ru_stime
    others = max(machine_busy() - busy - cpu, 0.0)
    child.returncode = os.waitstatus_to_exitcode(status)
    watch.ended.set()
    watch.join()
    if child.returncode:
        raise SystemExit(f"bench: status {child.returncode} from {words[0]}, see {log}:\n"
                         + pathlib.Path(log).read_text()[-2000:])
    return dataclasses.replace(watch.cost, wall=wall, cpu=cpu, others=others)
