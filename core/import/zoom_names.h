// SPDX-License-Identifier: LGPL-2.1-or-later
// What the files of a Zoom recording are, by their names.  Internal to its importer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rostrum::zoom {

enum class FileRole {
  shared_with_speaker,  // the shared screen beside who speaks
  shared_with_gallery,
  shared,  // the shared screen alone
  gallery,
  speaker,
  local,  // what the recording person saw
  sound,  // of all
  voice,  // of one person
  timeline,
  transcript,
  captions,
  chat,
  playlist,
  unconverted,
};

struct Name {
  FileRole role = FileRole::local;
  std::string session;  // what the names of files recorded together have in common
  std::string text;     // of a voice the person, of cloud files the topic; "" = not said
};

// Nothing: no file that Zoom makes.
std::optional<Name> read_name(std::string_view path);

const char* describe(FileRole role);

}  // namespace rostrum::zoom
