// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_file.h"

#include "core/file_ending.h"
#include "core/findings.h"
#include "core/utf8.h"

namespace rostrum {

namespace {

struct Ending {
  std::string_view ending;
  SoundContainer container;
  AudioCodec codec;
  bool sound_only;
};

constexpr Ending kEndings[] = {
    {".m4a", SoundContainer::mp4, AudioCodec::aac, true},
    {".mp4", SoundContainer::mp4, AudioCodec::aac, false},
    {".m4v", SoundContainer::mp4, AudioCodec::aac, false},
    {".opus", SoundContainer::ogg, AudioCodec::opus, true},
    {".ogg", SoundContainer::ogg, AudioCodec::opus, true},
    {".flac", SoundContainer::flac, AudioCodec::flac, true},
};

const Ending* row_of(std::string_view path) {
  for (const auto& row : kEndings)
    if (has_ending(path, row.ending)) return &row;
  return nullptr;
}

bool harmless(char32_t c) {
  constexpr std::u32string_view kNot = U"/\\:*?\"<>|\ufffd";
  return !is_control(c) && kNot.find(c) == kNot.npos;
}

}  // namespace

std::optional<SoundContainer> sound_container(std::string_view path) {
  const auto* row = row_of(path);
  return row ? std::optional{row->container} : std::nullopt;
}

std::string why_no_sound(std::string_view path) {
  if (row_of(path)) return {};
  return in_quotes(path) + ": sound alone goes into .m4a (or .mp4), .opus (or .ogg) or .flac";
}

std::optional<AudioCodec> codec_of_ending(std::string_view path) {
  const auto* row = row_of(path);
  return row ? std::optional{row->codec} : std::nullopt;
}

const char* usual_ending(AudioCodec codec) {
  switch (codec) {
  case AudioCodec::opus:
    return ".opus";
  case AudioCodec::flac:
    return ".flac";
  case AudioCodec::aac:
    break;
  }
  return ".m4a";
}

bool can_hold(SoundContainer container, AudioCodec codec) {
  switch (container) {
  case SoundContainer::ogg:
    return codec == AudioCodec::opus;
  case SoundContainer::flac:
    return codec == AudioCodec::flac;
  case SoundContainer::mp4:
    break;
  }
  return true;
}

bool is_sound_only(std::string_view path) {
  const auto* row = row_of(path);
  return row && row->sound_only;
}

std::string safe_file_word(std::string_view word) {
  constexpr std::size_t kMost = 80;
  std::string safe;
  for (const auto c : code_points(word)) {
    std::string one;
    append_utf8(one, harmless(c) ? c : U'_');
    if (safe.size() + one.size() > kMost) break;
    safe += one;
  }
  while (!safe.empty() && (safe.back() == ' ' || safe.back() == '.')) safe.pop_back();
  if (safe.empty()) return "_";
  if (safe.front() == '.' || safe.front() == ' ' || safe.front() == '-') safe.front() = '_';
  return safe;
}

}  // namespace rostrum
