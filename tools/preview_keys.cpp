// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/preview_keys.h"

#include "lib/gst_ptr.h"

#include <gst/video/navigation.h>

#include <algorithm>
#include <iterator>

namespace rostrum {

namespace {

struct Key {
  std::string_view bytes;  // ECMA-48, as xterm and the Linux console send them
  std::string_view name;   // of X, where it is not the same
  PreviewKey key;
};

// Longer ones before those that they begin with.
constexpr Key kKeys[] = {
    {"\033[D", "Left", PreviewKey::back},
    {"\033[C", "Right", PreviewKey::forward},
    {"\033[B", "Down", PreviewKey::frame_back},
    {"\033[A", "Up", PreviewKey::frame_forward},
    {"\033OD", "", PreviewKey::back},
    {"\033OC", "", PreviewKey::forward},
    {"\033OB", "", PreviewKey::frame_back},
    {"\033OA", "", PreviewKey::frame_forward},
    {"\033[5~", "Prior", PreviewKey::scene_back},
    {"\033[6~", "Next", PreviewKey::scene_forward},
    {" ", "space", PreviewKey::pause},
    {",", "comma", PreviewKey::frame_back},
    {".", "period", PreviewKey::frame_forward},
    {"[", "bracketleft", PreviewKey::slower},
    {"]", "bracketright", PreviewKey::faster},
    {"f", "f", PreviewKey::full_screen},
    {"s", "s", PreviewKey::save},
    {"e", "e", PreviewKey::explain},
    {"h", "h", PreviewKey::help},
    {"?", "question", PreviewKey::help},
    {"q", "q", PreviewKey::quit},
    {"\033", "Escape", PreviewKey::quit},
};

// How long an escape sequence at the beginning is; 1 for what is none.
std::size_t length_of(std::string_view bytes) {
  if (bytes.size() < 3 || bytes[0] != '\033' || (bytes[1] != '[' && bytes[1] != 'O')) return 1;
  const auto end =
      std::find_if(bytes.begin() + 2, bytes.end(), [](char c) { return c >= '@' && c <= '~'; });
  return std::min(bytes.size(), static_cast<std::size_t>(end - bytes.begin()) + 1);
}

}  // namespace

std::vector<PreviewKey> keys_of(std::string_view bytes) {
  std::vector<PreviewKey> keys;
  while (!bytes.empty()) {
    const auto length = length_of(bytes);
    const auto known = std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& k) {
      return k.bytes == bytes.substr(0, length);
    });
    if (known != std::end(kKeys)) keys.push_back(known->key);
    bytes.remove_prefix(length);
  }
  return keys;
}

std::string bytes_of_key(std::string_view name) {
  const auto known = std::find_if(std::begin(kKeys), std::end(kKeys),
                                  [&](const Key& k) { return !name.empty() && k.name == name; });
  return known == std::end(kKeys) ? std::string{} : std::string{known->bytes};
}

const char* preview_keys_help() {
  return "space            pause, play\n"
         "left, right      5 seconds back, forward\n"
         "down, up (or , .)  one frame back, forward\n"
         "page up, down    scene before, after\n"
         "[ ]              slower, faster\n"
         "f                full screen, where the video sink can\n"
         "s                save this frame as PNG\n"
         "e                explain this moment\n"
         "h                these keys\n"
         "q                quit";
}

const char* live_keys_help() {
  return "f                full screen, where the video sink can\n"
         "h                these keys\n"
         "q                quit";
}

std::string key_pressed(GstMessage* message) {
  if (gst_navigation_message_get_type(message) != GST_NAVIGATION_MESSAGE_EVENT) return {};
  GstEvent* raw = nullptr;
  if (!gst_navigation_message_parse_event(message, &raw)) return {};
  const auto event = adopt(raw);
  const char* key = nullptr;
  const bool pressed =
      gst_navigation_event_get_type(event.get()) == GST_NAVIGATION_EVENT_KEY_PRESS &&
      gst_navigation_event_parse_key_event(event.get(), &key);
  return pressed ? key : "";
}

}  // namespace rostrum
