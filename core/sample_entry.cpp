// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sample_entry.h"

#include "core/avc.h"

#include <algorithm>
#include <cstdio>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kEntries = 8;         // before them: version, flags, their number
constexpr std::size_t kPictureFields = 78;  // ISO/IEC 14496-12, 12.1.3
constexpr std::size_t kSoundFields = 28;    // 12.2.3

bool is_sound(View trak) {
  const auto hdlr = find(trak, {fourcc("mdia"), fourcc("hdlr")});
  if (!hdlr) return false;
  Reader r{hdlr->body};
  r.skip(8);
  return r.u32() == fourcc("soun");
}

template <typename... Values>
std::string print(const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string name_of(FourCc type) {
  std::string name;
  for (int shift = 24; shift >= 0; shift -= 8) name += static_cast<char>(type >> shift);
  return name;
}

std::uint32_t reversed(std::uint32_t bits) {
  std::uint32_t result = 0;
  for (int i = 0; i < 32; ++i) result |= (bits >> i & 1) << (31 - i);
  return result;
}

// ISO/IEC 14496-15, annex E.3, of the body of an 'hvcC' box (8.3.3.1).
std::string parameter_of_hevc(View config) {
  Reader r{config};
  r.skip(1);
  const auto profile = r.u8();
  const auto compatible = r.u32();
  auto constraints = r.take(6);
  const auto level = r.u8();
  if (!r.ok()) return {};
  constexpr const char* kSpaces[] = {"", "A", "B", "C"};
  auto text = std::string{"."} + kSpaces[profile >> 6] +
              print("%d.%X.%c%d", profile & 0x1f, static_cast<unsigned>(reversed(compatible)),
                    profile & 0x20 ? 'H' : 'L', level);
  while (!constraints.empty() && constraints.back() == 0)
    constraints = constraints.first(constraints.size() - 1);
  for (const auto byte : constraints) text += print(".%X", byte);
  return text;
}

// "VP Codec ISO Media File Format Binding", of the body of a 'vpcC' box.
std::string parameter_of_vp9(View config) {
  Reader r{config};
  r.skip(4);
  const auto profile = r.u8();
  const auto level = r.u8();
  const auto depth = r.u8() >> 4;
  return r.ok() ? print(".%02d.%02d.%02d", profile, level, depth) : "";
}

// "AV1 Codec ISO Media File Format Binding", section 5, of the body of an 'av1C' box.
std::string parameter_of_av1(View config) {
  Reader r{config};
  r.skip(1);
  const auto profile = r.u8();
  const auto flags = r.u8();
  const int depth = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8;
  return r.ok() ? print(".%d.%02d%c.%02d", profile >> 5, profile & 0x1f, flags & 0x80 ? 'H' : 'M',
                        depth)
                : "";
}

std::string parameter_of_avc(View body) {
  const auto config = avc::parse_config(body);
  return config ? print(".%02X%02X%02X", config->profile, config->compatibility, config->level)
                : "";
}

}  // namespace

std::optional<View> SampleEntry::box(FourCc wanted) const {
  for (const Box& box : children(boxes).value_or(std::vector<Box>{}))
    if (box.type == wanted) return box.body;
  return {};
}

std::optional<SampleEntry> sample_entry(View trak) {
  const auto stsd = find(trak, {fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")});
  const auto entries =
      stsd && stsd->body.size() > kEntries ? children(stsd->body.subspan(kEntries)) : std::nullopt;
  if (!entries || entries->empty()) return {};
  const auto& entry = entries->front();
  const auto fields = is_sound(trak) ? kSoundFields : kPictureFields;
  if (entry.body.size() < fields) return {};
  return SampleEntry{entry.type, entry.body.first(fields), entry.body.subspan(fields)};
}

EntrySize entry_size(const SampleEntry& entry) {
  constexpr std::size_t kSize = 24;
  Reader r{entry.fields};
  r.skip(kSize);
  const int width = r.u16();
  return {width, r.u16()};
}

std::string codec_parameter(const SampleEntry& entry) {
  if (entry.type == fourcc("mp4a")) return "mp4a.40.2";
  if (entry.type == fourcc("Opus")) return "opus";
  const auto name = name_of(entry.type);
  if (const auto config = entry.box(fourcc("avcC"))) return name + parameter_of_avc(*config);
  if (const auto config = entry.box(fourcc("hvcC"))) return name + parameter_of_hevc(*config);
  if (const auto config = entry.box(fourcc("vpcC"))) return name + parameter_of_vp9(*config);
  if (const auto config = entry.box(fourcc("av1C"))) return name + parameter_of_av1(*config);
  return name;
}

}  // namespace rostrum::mp4
