#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs the build into a temporary folder and uses what is there: install.py SOURCE_ROOT BUILD_ROOT"""
import os
import pathlib
import subprocess
import sys
import tempfile


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, **more).stdout


def elements(source):
    """One element = one folder = one file pair."""
    return {folder.name for folder in (source / "plugins").iterdir() if (folder / f"{folder.name}.cpp").exists()}


def check_plugin(plugin, source, folder):
    env = dict(os.environ, GST_PLUGIN_PATH=str(plugin.parent), GST_REGISTRY=str(folder / "registry.bin"))
    listed = run("gst-inspect-1.0", "rostrum", env=env)
    for name in elements(source):
        assert f"\n  {name}: " in listed, f"gst-inspect-1.0 rostrum does not list {name}:\n{listed}"
        assert "Factory Details" in run("gst-inspect-1.0", name, env=env)
    symbols = {line.split()[-1] for line in run("nm", "-D", "--defined-only", plugin).splitlines()}
    foreign = {symbol for symbol in symbols if not symbol.startswith("gst_plugin_rostrum_")}
    assert symbols and not foreign, f"exported besides the plugin's entry: {sorted(foreign)}"


def only(folder, pattern):
    found = list(folder.rglob(pattern))
    assert len(found) == 1, f"{pattern}: {found}"
    return found[0]


def main():
    source, build = map(pathlib.Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        run("meson", "install", "-C", build, "--no-rebuild", "--destdir", folder / "root")
        check_plugin(only(folder, "libgstrostrum.so"), source, folder)
        assert run(only(folder, "bin/rostrum"), "--version").startswith("rostrum ")
        assert only(folder, "man1/rostrum.1").stat().st_size
        assert only(folder, "completions/rostrum").stat().st_size
        profiles = only(folder, "rostrum/profiles")
        assert {file.name for file in profiles.iterdir()} == {file.name for file in (source / "data/profiles").glob("*.json")}


if __name__ == "__main__":
    main()
