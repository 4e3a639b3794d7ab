// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sample_entry.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace rostrum::mp4 {
namespace {

// One with this box, whose name comes first.
std::string parameter(FourCc type, FourCc box, const Bytes& body) {
  Writer out;
  if (box != 0) out.box(box, [&] { out.raw(body); });
  const SampleEntry entry{type, {}, out.bytes()};
  return codec_parameter(entry);
}

// The names that ffmpeg and browsers give these configurations.
TEST(SampleEntry, HasTheNameThatPlaylistsUse) {
  const Bytes hevc{1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93};
  EXPECT_EQ(parameter(fourcc("hvc1"), fourcc("hvcC"), hevc), "hvc1.1.6.L93.90");
  const Bytes high_tier{1, 0x22, 0x20, 0, 0, 0, 0xB0, 0, 1, 0, 0, 0, 120};
  EXPECT_EQ(parameter(fourcc("hev1"), fourcc("hvcC"), high_tier), "hev1.2.4.H120.B0.0.1");
  const Bytes vp9{1, 0, 0, 0, 0, 31, 0x82, 1, 1, 1, 0, 0};
  EXPECT_EQ(parameter(fourcc("vp09"), fourcc("vpcC"), vp9), "vp09.00.31.08");
  const Bytes av1{0x81, 0x05, 0x0C, 0};
  EXPECT_EQ(parameter(fourcc("av01"), fourcc("av1C"), av1), "av01.0.05M.08");
  EXPECT_EQ(parameter(fourcc("mp4a"), 0, {}), "mp4a.40.2");
  EXPECT_EQ(parameter(fourcc("fLaC"), 0, {}), "fLaC");
}

TEST(SampleEntry, ABrokenConfigurationIsLeftOut) {
  EXPECT_EQ(parameter(fourcc("hvc1"), fourcc("hvcC"), {1, 1}), "hvc1");
  EXPECT_EQ(parameter(fourcc("vp09"), fourcc("vpcC"), {}), "vp09");
}

}  // namespace
}  // namespace rostrum::mp4
