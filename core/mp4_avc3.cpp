// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_avc3.h"

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kVisualEntry = 78;  // ISO/IEC 14496-12, 12.1.3: fields before its boxes

// 5.3.3.1.2: so many sets, each behind its length of 16 bits.
void copy_sets(Reader& config, std::size_t count, Writer& out) {
  for (std::size_t i = 0; i < count && config.ok(); ++i) {
    const auto set = config.take(config.u16());
    out.u32(set.size());
    out.raw(set);
  }
}

// AVCDecoderConfigurationRecord, 5.3.3.1.
bool read_config(View avcc, AvcDescription& description) {
  Reader config{avcc};
  const auto version = config.u8();
  config.skip(2);  // profile and its constraints
  description.level = config.u8();
  const bool lengths_of_four = (config.u8() & 3) == 3;
  Writer sets;
  copy_sets(config, config.u8() & 0x1f, sets);
  copy_sets(config, config.u8(), sets);
  description.parameter_sets = sets.release();
  return config.ok() && version == 1 && lengths_of_four && !description.parameter_sets.empty();
}

// The one entry of a sample description box.
std::optional<Box> only_entry(View stsd) {
  const auto box = children(stsd);
  if (!box || box->size() != 1 || box->front().type != fourcc("stsd")) return {};
  Reader fields{box->front().body};
  fields.skip(4);
  if (fields.u32() != 1) return {};
  const auto entries = children(fields.rest());
  if (!entries || entries->size() != 1 || entries->front().body.size() < kVisualEntry) return {};
  return entries->front();
}

// The description anew, its entry of that type, with that 'avcC'.
template <typename WriteConfig>
Bytes rewritten(const Box& entry, FourCc type, WriteConfig write_config) {
  Writer out;
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    out.box(type, [&] {
      out.raw(entry.body.first(kVisualEntry));
      for (const Box& box : children(entry.body.subspan(kVisualEntry)).value_or(std::vector<Box>{}))
        if (box.type == fourcc("avcC"))
          write_config(out, box.body);
        else
          out.raw(box.whole);
    });
  });
  return out.release();
}

}  // namespace

std::optional<AvcDescription> read_avc(View stsd) {
  const auto entry = only_entry(stsd);
  if (!entry || entry->type != fourcc("avc1")) return {};
  const auto config = find(entry->body.subspan(kVisualEntry), {fourcc("avcC")});
  AvcDescription description;
  if (!config || !read_config(config->body, description)) return {};
  description.others = rewritten(*entry, entry->type, [](Writer&, View) {});
  return description;
}

Bytes as_avc3(View stsd, std::uint8_t level) {
  const auto entry = only_entry(stsd);
  if (!entry) return {};
  return rewritten(*entry, fourcc("avc3"), [&](Writer& out, View config) {
    out.box(fourcc("avcC"), [&] {
      out.raw(config.first(3));
      out.u8(level);
      out.raw(config.subspan(4));
    });
  });
}

}  // namespace rostrum::mp4
