// SPDX-License-Identifier: LGPL-2.1-or-later
// The keys of `rostrum preview`, as a terminal or a window says them.
#pragma once

#include <gst/gst.h>

#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

enum class PreviewKey {
  pause,
  back,
  forward,
  frame_back,
  frame_forward,
  scene_back,
  scene_forward,
  slower,
  faster,
  full_screen,
  save,
  explain,
  help,
  quit
};

// Of the bytes that a terminal sends at once; what is no key is left out.
std::vector<PreviewKey> keys_of(std::string_view bytes);
// Of a window's key, by its X name ("space", "Left"): what keys_of() would have; "" = none.
std::string bytes_of_key(std::string_view name);
// Of a message of a pipeline with a window: the X name of the key that was pressed in it; "" = it
// says nothing of that.
std::string key_pressed(GstMessage* message);
// The keys, a line each.
const char* preview_keys_help();
// Those that a live job has.
const char* live_keys_help();

}  // namespace rostrum
