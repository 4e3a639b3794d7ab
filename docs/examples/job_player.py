#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays a job from a place on: job_player.py JOB.json [SECONDS [VIDEO-SINK AUDIO-SINK]]"""
import sys

import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst

Gst.init(None)
job, at, *sinks = sys.argv[1:] if len(sys.argv) > 2 else [sys.argv[1], "0"]
player = Gst.ElementFactory.make("playbin3")
player.set_property("uri", f"rostrum:{job}?at={at}")
for name, sink in zip(("video-sink", "audio-sink"), sinks):
    player.set_property(name, Gst.ElementFactory.make(sink))
player.set_state(Gst.State.PLAYING)
message = player.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
player.set_state(Gst.State.NULL)
if message.type == Gst.MessageType.ERROR:
    sys.exit(str(message.parse_error()[0]))
print("played to the end")
