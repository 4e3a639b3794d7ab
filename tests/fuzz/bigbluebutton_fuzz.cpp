// SPDX-License-Identifier: LGPL-2.1-or-later
// Whatever an import gives is a manifest, and its media lie in the folders of a recording.
#include "core/import/bigbluebutton.h"
#include "fuzz.h"

#include <algorithm>
#include <iterator>

namespace {

// "audio/x" and the like, without steps out of it.
bool lies_inside(const std::string& uri) {
  const auto top = uri.substr(0, uri.find('/'));
  const bool known = std::any_of(std::begin(rostrum::kBigBlueButtonFolders),
                                 std::end(rostrum::kBigBlueButtonFolders),
                                 [&](const char* folder) { return top == folder; });
  return known && ("/" + uri + "/").find("/../") == uri.npos && uri.find('\0') == uri.npos;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  // The names of the files stand before the log, a line each.
  const auto input = fuzz::text(data, size);
  const auto end = std::min(input.find('<'), input.size());
  std::vector<std::string> files{""};
  for (const char c : input.substr(0, end))
    c == '\n' ? void(files.emplace_back()) : files.back().push_back(c);
  const auto xml = input.substr(end);
  is_bigbluebutton(xml);
  const auto imported = import_bigbluebutton(xml, files);
  fuzz::expect(imported || !imported.error().empty(), "a refusal says why");
  if (!imported) return 0;
  for (const auto& asset : imported->manifest.assets)
    fuzz::expect(lies_inside(asset.uri), "media lie inside");
  fuzz::expect(parse_manifest(write_manifest(imported->manifest)).has_value(),
               "what is imported can be read");
  return 0;
}
