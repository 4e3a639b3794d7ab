// SPDX-License-Identifier: LGPL-2.1-or-later
// The URI of a live source names one host, and what is shown of it holds no password.
#include "core/live_source.h"
#include "fuzz.h"

#include <algorithm>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto source = parse_live_source(fuzz::text(data, size));
  if (!source) {
    fuzz::expect(!source.error().empty(), "a refusal says why");
    return 0;
  }
  fuzz::expect(
      source->shown.find('@') == std::string::npos || source->scheme == LiveSource::Scheme::rtsp,
      "nobody is named");
  fuzz::expect(source->host.find_first_of("@/?# \\") == std::string::npos, "a host is one");
  fuzz::expect(source->host.empty() || source->listens.empty(), "it calls or is called");
  const auto talk = source->test.talk;
  fuzz::expect(std::is_sorted(talk.begin(), talk.end(),
                              [](const auto& a, const auto& b) { return a.from < b.from; }),
               "talk is in order");
  return 0;
}
