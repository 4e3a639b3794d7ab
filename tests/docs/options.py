#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds --help, the man page, the bash completion and the guide against each other: options.py SOURCE_ROOT TOOL"""
import pathlib
import re
import subprocess
import sys

LONG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def commands(tool):
    text = subprocess.run([tool, "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z]+) ", text.split("Subcommands:", 1)[1].split("\n\n", 1)[0], re.M)


def helped(tool, command):
    """The long options in the table of the command's own help (not in its examples)."""
    text = subprocess.run([tool, command, "--help"], capture_output=True, text=True, check=True).stdout
    table = text.split("Options:", 1)[1].split("\n\n", 1)[0]
    return set(LONG.findall(table)) - {"--help"}


def in_manual(page, command):
    """The options that head a paragraph (.TP) in the command's section of the man page."""
    section = re.search(rf"^\.SS rostrum {command}\b.*?(?=^\.S[SH] )", page, re.S | re.M)
    if not section:
        return set()
    heads = re.findall(r"^\.TP\n(.*)$", section.group().replace("\\-", "-"), re.M)
    return set(LONG.findall("\n".join(heads)))


def completed(completion, command):
    script = (f'source "{completion}"; COMP_WORDS=(rostrum {command} --); COMP_CWORD=2; _rostrum; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    out = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    return set(out.split()) - {"--help"}


def in_guide(guide, command):
    section = re.search(rf"^## rostrum {command}\b.*?(?=^## |\Z)", guide, re.S | re.M)
    return set(LONG.findall(section.group())) if section else set()


def main():
    root, tool = pathlib.Path(sys.argv[1]), sys.argv[2]
    page = (root / "data/rostrum.1").read_text()
    guide = (root / "docs/guide.md").read_text()
    wrong = 0
    for command in commands(tool):
        real = helped(tool, command)
        for where, found in (("man page", in_manual(page, command)), ("guide", in_guide(guide, command)),
                             ("completion", completed(root / "data/completions/rostrum.bash", command))):
            for option in sorted(real ^ found):
                wrong += 1
                print(f"rostrum {command} {option}: " + (f"not in the {where}" if option in real else f"only in the {where}"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
