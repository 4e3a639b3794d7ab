// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of FLAC, and packets on Ogg pages.
#include "core/flac.h"
#include "core/ogg_pages.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  fuzz::Parts parts{data, size};
  const auto number = std::uint64_t{parts.byte()} << parts.byte() % 36;
  ogg::PageWriter page{1};
  for (int i = 0; i < 3; ++i)
    if (const auto packet = parts.part(); page.fits(packet.size())) page.add(packet);
  if (!page.empty()) {
    const auto written = page.take(static_cast<std::int64_t>(number), {true, true});
    fuzz::expect(written.size() >= 27, "a page has a header");
  }
  const auto stream = parts.rest();
  const auto frames = flac::frames_of(stream);
  if (!frames) return 0;
  for (const auto& frame : *frames) flac::numbered(frame, number);
  return 0;
}
