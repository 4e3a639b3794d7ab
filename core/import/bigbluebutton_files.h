// SPDX-License-Identifier: LGPL-2.1-or-later
// Which files of a BigBlueButton recording's folder the log means.  Internal to the importer.
#pragma once

#include "core/import/bigbluebutton_log.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace rostrum::bigbluebutton {

// A page of a deck, or a picture of it.
struct PageFile {
  std::string path;
  int page = 1;
};

class Files {
 public:
  // Paths relative to the folder; what does not lie in a folder that recordings have is left out.
  explicit Files(const std::vector<std::string>& paths);

  // The file of a medium; where it should be, if there is none.
  std::string of(const Medium& medium) const;
  PageFile page(const std::string& deck, int page) const;
  // Sound that no event of the log names, but whose own name says when it begins.
  std::vector<Medium> sound_by_time(std::int64_t epoch, Nanoseconds duration) const;

 private:
  std::optional<PageFile> deck_file(const std::string& folder, const std::string& deck) const;
  std::optional<std::string> picture(const std::string& folder, int page) const;

  using ByName = std::map<std::string, std::string, std::less<>>;  // name or stem -> path

  std::unordered_set<std::string> paths_;
  std::map<std::string, ByName, std::less<>> by_name_;    // folder -> by whole name
  std::map<std::string, ByName, std::less<>> by_stem_;    // folder -> by name without ending
  std::map<std::string, std::string, std::less<>> pdfs_;  // folder of a deck -> its PDF
};

}  // namespace rostrum::bigbluebutton
