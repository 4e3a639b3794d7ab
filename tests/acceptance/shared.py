# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the scorer and the real media are: $ROSTRUM_SHARED, or ../shared beside the source tree."""
import os
import pathlib
import sys

SKIPPED = 77


def folder(source_root, part):
    """The folder `part` of what is shared; ends the test as skipped when it is absent."""
    shared = pathlib.Path(os.environ.get("ROSTRUM_SHARED") or pathlib.Path(source_root).parent / "shared")
    if not (shared / part).is_dir():
        print(f"skipped: {shared / part} is not there")
        sys.exit(SKIPPED)
    return shared / part
