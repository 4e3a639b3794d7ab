// SPDX-License-Identifier: LGPL-2.1-or-later
// Folders of media for tests of their importers.
#pragma once

#include "core/import/imported.h"
#include "core/import/media_folder.h"
#include "small_meeting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace rostrum::test {

using Lines = std::vector<std::string>;

inline FolderFile film_file(const std::string& path, Nanoseconds length, bool sound = true) {
  return {path, FileType::film, medium(length, true, sound)};
}

inline FolderFile sound_file(const std::string& path, Nanoseconds length) {
  return {path, FileType::sound, medium(length, false, true)};
}

inline FolderFile picture_file(const std::string& path) {
  return {path, FileType::picture, drawing(640, 480)};
}

inline FolderFile deck_file(const std::string& path, int pages) {
  FolderFile file{path, FileType::pdf, drawing(640, 480)};
  file.media.pages = pages;
  return file;
}

inline FolderFile other_file(const std::string& path, const std::string& text = {}) {
  FolderFile file{path};
  file.text = text;
  return file;
}

inline MediaFolder folder_of(std::vector<FolderFile> files) {
  std::stable_sort(files.begin(), files.end(), [](const FolderFile& a, const FolderFile& b) {
    return natural_less(a.path, b.path);
  });
  return {"Лекция", std::move(files)};
}

// The manifest must survive being written and read.
inline Imported whole(tl::expected<Imported, Problems> imported) {
  EXPECT_TRUE(imported) << (imported ? "" : imported.error()[0].message);
  if (!imported) return {};
  const auto again = parse_manifest(write_manifest(imported->manifest));
  EXPECT_TRUE(again) << (again ? "" : again.error()[0].pointer + ": " + again.error()[0].message);
  EXPECT_EQ(again ? write_manifest(*again) : "", write_manifest(imported->manifest));
  return std::move(*imported);
}

// "voice: 1.mp3 at 0:00:00.000, 2.mp3 at 0:00:05.500", a line for each track.
inline Lines tracks_of(const Manifest& manifest) {
  Lines lines;
  for (const auto& track : manifest.tracks) {
    std::string line = track.id + ":";
    for (const auto& clip : track.clips) {
      line += " " + manifest.asset(clip.asset)->uri;
      if (track.kind == TrackKind::slides) line += "#" + std::to_string(clip.page);
      line += "@" + format_time(clip.start).substr(2);
    }
    lines.push_back(line);
  }
  return lines;
}

inline bool mentions(const Lines& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto& line) { return line.find(text) != line.npos; });
}

}  // namespace rostrum::test
