# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every bench is told: where the sources are, the tool, and the folder that it works in."""
import argparse
import pathlib


def parser(description):
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("source_root", type=pathlib.Path)
    made.add_argument("tool", type=lambda path: pathlib.Path(path).resolve())
    made.add_argument("folder", type=pathlib.Path)
    return made
