#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every relative link and picture of the documentation leads to a file: links.py SOURCE_ROOT"""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    dead = [f"{page.relative_to(root)}: {target}" for page in pages
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
            if "://" not in target and not (page.parent / target).exists()]
    print("\n".join(dead))
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
