// SPDX-License-Identifier: LGPL-2.1-or-later
// Whatever an import gives is a manifest.
#include "core/import/opencast.h"
#include "fuzz.h"

#include <algorithm>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  // The package, then the catalogs that it names, a NUL between them.
  std::vector<std::string> texts{""};
  for (const char c : fuzz::text(data, size))
    c == '\0' ? void(texts.emplace_back()) : texts.back().push_back(c);
  const auto& package = texts.front();
  is_opencast(package);
  std::map<std::string, std::string, std::less<>> catalogs;
  const auto urls = opencast_catalogs(package);
  for (std::size_t i = 0; i < std::min(urls.size(), texts.size() - 1); ++i)
    catalogs.emplace(urls[i], texts[i + 1]);
  const auto imported = import_opencast(package, catalogs);
  fuzz::expect(imported || !imported.error().empty(), "a refusal says why");
  if (imported)
    fuzz::expect(parse_manifest(write_manifest(imported->manifest)).has_value(),
                 "what is imported can be read");
  return 0;
}
