// SPDX-License-Identifier: LGPL-2.1-or-later
// Files of sound alone: what their names end in, and what they can hold.
#pragma once

#include "core/sound_format.h"

#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

enum class SoundContainer { mp4, ogg, flac };

// By the ending of a file's name: .m4a, .mp4; .opus, .ogg; .flac.
std::optional<SoundContainer> sound_container(std::string_view path);
// What is wrong with the name of a file of sound alone, and the cure; "" = nothing.
std::string why_no_sound(std::string_view path);
// The codec that an ending speaks for when none is named; nothing for an unknown ending.
std::optional<AudioCodec> codec_of_ending(std::string_view path);
// ".m4a", ".opus", ".flac"
const char* usual_ending(AudioCodec codec);
bool can_hold(SoundContainer container, AudioCodec codec);

// Endings of files that never hold a picture.
bool is_sound_only(std::string_view path);

// A word from a record as a part of a file's name: whatever could lead elsewhere, begin a hidden
// name or end one early becomes "_"; at most 80 bytes, never empty.
std::string safe_file_word(std::string_view word);

}  // namespace rostrum
