// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties of speakerswitch.
#pragma once

#include "speakerswitch/switch_state.h"

namespace rostrum {

enum : guint {
  PROP_SWITCH_0,
  PROP_WINDOW_TIME,
  PROP_HOLD_TIME,
  PROP_THRESHOLD,
  PROP_MARGIN,
  PROP_DEFAULT_PAD,
  PROP_ACTIVE_PAD,
  PROP_AUTO,
  PROP_MIX,
  N_SWITCH_PROPS
};

void install_switch_properties(GObjectClass* klass);

// False for an unknown id.  active-pad and mix are read from elsewhere, and mix is set there.
bool set_switch_setting(SwitchSettings& settings, guint id, const GValue* value);
bool get_switch_setting(const SwitchSettings& settings, guint id, GValue* value);

}  // namespace rostrum
