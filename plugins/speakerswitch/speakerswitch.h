// SPDX-License-Identifier: LGPL-2.1-or-later
// An element that shows whoever is speaking. docs/elements/speakerswitch.md describes it.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
#define ROSTRUM_TYPE_SPEAKER_SWITCH (rostrum_speaker_switch_get_type())
G_DECLARE_FINAL_TYPE(RostrumSpeakerSwitch, rostrum_speaker_switch, ROSTRUM, SPEAKER_SWITCH,
                     GstElement)
GST_ELEMENT_REGISTER_DECLARE(speakerswitch)
G_END_DECLS
