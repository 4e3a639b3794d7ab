// SPDX-License-Identifier: LGPL-2.1-or-later
// AAC whose first packet says that it was made by libfaac: libav drops that frame.
#include "timeline_harness.h"

#include "media_maker.h"

#include <string_view>

namespace rostrum::test {
namespace {

constexpr std::size_t kHeader = 7;  // bytes of ADTS without a CRC

class Bits {
 public:
  void put(std::uint32_t value, int count) {
    while (count-- > 0) {
      if (used_ % 8 == 0) bytes_ += '\0';
      const auto bit = value >> count & 1U;
      bytes_.back() =
          static_cast<char>(bytes_.back() | static_cast<char>(bit << (7 - used_++ % 8)));
    }
  }
  void put(std::string_view bytes) {
    for (const char c : bytes) put(static_cast<unsigned char>(c), 8);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  int used_ = 0;
};

std::size_t frame_size(const std::string& adts, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(adts[at + i]); };
  return (byte(3) & 3U) << 11 | byte(4) << 3 | byte(5) >> 5;
}

// The first frame with a fill element before all else (ISO/IEC 14496-3, 4.4.2.7).
std::string made_by_libfaac(const std::string& adts) {
  constexpr std::string_view kMaker = "libfaac 1.28\0";
  constexpr std::uint32_t kCount = 18;
  Bits bits;
  bits.put(6, 3), bits.put(15, 4), bits.put(kCount - 14, 8);
  bits.put(0, 4 + 13), bits.put(kMaker), bits.put(0, 8 * (kCount - kMaker.size()) - 17);
  const auto size = frame_size(adts, 0);
  bits.put(std::string_view{adts}.substr(kHeader, size - kHeader));
  const auto payload = bits.take();
  auto frame = adts.substr(0, kHeader);
  const auto length = kHeader + payload.size();
  frame[3] = static_cast<char>((frame[3] & ~3) | static_cast<char>(length >> 11));
  frame[4] = static_cast<char>(length >> 3);
  frame[5] = static_cast<char>((frame[5] & 0x1f) | static_cast<char>((length & 7) << 5));
  return frame + payload + adts.substr(size);
}

std::vector<float> sound_of(const std::string& path) {
  Player player{{{.location = path, .duration = 900ms}}};
  player.set_text("media", "audio").play();
  std::vector<float> samples;
  while (const auto buffer = player.pull()) {
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    const auto* data = reinterpret_cast<const float*>(map.data);
    samples.insert(samples.end(), data, data + map.size / sizeof(float));
    gst_buffer_unmap(buffer.get(), &map);
  }
  return samples;
}

TEST(SoundByLibfaac, StandsAtItsPacketsTimes) {
  TempFolder folder;
  const auto plain = folder.file("plain.aac");
  run_pipeline(
      "audiotestsrc wave=ticks tick-interval=100000000 num-buffers=50 samplesperbuffer=960 ! "
      "audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse ! "
      "audio/mpeg,stream-format=adts ! filesink location=" +
      plain);
  const auto other = folder.file("libfaac.aac");
  write_bytes(other, made_by_libfaac(read_bytes(plain)));
  const auto due = sound_of(plain);
  const auto heard = sound_of(other);
  ASSERT_EQ(heard.size(), due.size());
  for (std::size_t i = 2 * 2048; i < due.size(); ++i) ASSERT_NEAR(heard[i], due[i], 1e-4) << i / 2;
}

}  // namespace
}  // namespace rostrum::test
