// SPDX-License-Identifier: LGPL-2.1-or-later
// The sink pads of speakerswitch: what an application sets per person.
#pragma once

#include "speakerswitch/switch_input.h"

#include <gst/gst.h>

G_BEGIN_DECLS
#define ROSTRUM_TYPE_SPEAKER_SWITCH_PAD (rostrum_speaker_switch_pad_get_type())
G_DECLARE_FINAL_TYPE(RostrumSpeakerSwitchPad, rostrum_speaker_switch_pad, ROSTRUM,
                     SPEAKER_SWITCH_PAD, GstPad)
G_END_DECLS

namespace rostrum {

// A pad of the template, for that input.
GstPad* new_switch_pad(GstPadTemplate* templ, std::shared_ptr<SwitchInput> input);
SwitchInput& input_of(GstPad* pad);

}  // namespace rostrum
