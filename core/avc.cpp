// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/avc.h"

#include <algorithm>
#include <cstring>

namespace rostrum::avc {

namespace {

constexpr std::uint8_t kHigh = 100;
constexpr std::uint8_t kMain = 77;

std::vector<Bytes> read_sets(mp4::Reader& r, int count) {
  std::vector<Bytes> sets;
  for (int i = 0; i < count && r.ok(); ++i) {
    const auto set = r.take(r.u16());
    sets.emplace_back(set.begin(), set.end());
  }
  return sets;
}

void write_sets(mp4::Writer& out, const std::vector<Bytes>& sets) {
  for (const auto& set : sets) {
    out.u16(set.size());
    out.raw(set);
  }
}

// Three bytes that no unit holds: what follows two zeros is 3 at least.
bool holds_start_code(View unit) {
  const auto* at = unit.data();
  const auto* const end = at + unit.size();
  while (end - at >= 3) {
    at = static_cast<const std::uint8_t*>(std::memchr(at, 0, static_cast<std::size_t>(end - at)));
    if (!at || end - at < 3) return false;
    if (at[1] == 0 && at[2] < 3) return true;
    ++at;
  }
  return false;
}

bool is_known(const std::vector<Bytes>& sets, View unit) {
  return std::any_of(sets.begin(), sets.end(),
                     [unit](const Bytes& set) { return std::ranges::equal(set, unit); });
}

std::string damage_of_unit(View unit, const Config& config, bool idr) {
  constexpr int kMessage = 6;
  constexpr int kFiller = 12;
  if (unit.empty() || (unit[0] & 0x80) != 0) return "a unit of it is none of H.264";
  if (holds_start_code(unit)) return "a unit of it is broken";
  switch (type_of(unit[0])) {
  case kSlice:
    return idr ? "it does not begin anew where it should" : "";
  case kSequenceParameters:
    return is_known(config.sequence, unit) ? "" : "its parameters change";
  case kPictureParameters:
    return is_known(config.picture, unit) ? "" : "its parameters change";
  case kIdrSlice:
  case kMessage:
  case kDelimiter:
  case kFiller:
    return {};
  default:
    return "a unit of it is of an unusual type";
  }
}

}  // namespace

std::optional<mp4::Box> entry_of(View stsd) {
  constexpr std::size_t kEntries = 16;  // behind the header, the version and their number
  const auto entries =
      stsd.size() < kEntries ? std::nullopt : mp4::children(stsd.subspan(kEntries));
  if (!entries || entries->size() != 1 || entries->front().type != mp4::fourcc("avc1") ||
      entries->front().body.size() < kEntryFields)
    return {};
  return entries->front();
}

std::optional<Config> config_of(View stsd) {
  const auto entry = entry_of(stsd);
  const auto box =
      entry ? mp4::find(entry->body.subspan(kEntryFields), {mp4::fourcc("avcC")}) : std::nullopt;
  return box ? parse_config(box->body) : std::nullopt;
}

std::optional<Config> parse_config(View body) {
  mp4::Reader r{body};
  if (r.u8() != 1) return {};
  Config config;
  config.profile = r.u8();
  config.compatibility = r.u8();
  config.level = r.u8();
  if ((r.u8() & 3) + 1 != kLengthBytes) return {};
  config.sequence = read_sets(r, r.u8() & 0x1f);
  config.picture = read_sets(r, r.u8());
  if (!r.ok()) return {};
  const auto rest = r.rest();
  config.rest.assign(rest.begin(), rest.end());
  return config;
}

Bytes write_config(const Config& config) {
  mp4::Writer out;
  out.u8(1);
  out.u8(config.profile);
  out.u8(config.compatibility);
  out.u8(config.level);
  out.u8(0xfc | (kLengthBytes - 1));
  out.u8(0xe0 | config.sequence.size());
  write_sets(out, config.sequence);
  out.u8(config.picture.size());
  write_sets(out, config.picture);
  out.raw(config.rest);
  return out.release();
}

Bytes parameter_units(const Config& config) {
  mp4::Writer out;
  for (const auto* sets : {&config.sequence, &config.picture})
    for (const auto& set : *sets) {
      out.u32(set.size());
      out.raw(set);
    }
  return out.release();
}

Config common_config(const std::vector<Config>& all) {
  auto common = all.front();
  for (const auto& config : all) {
    common.level = std::max(common.level, config.level);
    common.compatibility &= config.compatibility;
    // Baseline, Main and High, of which each later one decodes those before it as they occur here:
    // without what Baseline alone has.
    common.profile = std::max(common.profile, config.profile);
  }
  if (common.profile < kHigh) {
    if (common.profile != all.front().profile) common.profile = std::max(common.profile, kMain);
    common.rest.clear();
  } else if (common.rest.empty()) {
    common.rest = {0xfc | 1, 0xf8, 0xf8, 0};  // 4:2:0, 8 bits
  }
  return common;
}

std::string damage(View sample, const Config& config, bool idr) {
  bool slice = false;
  mp4::Reader r{sample};
  while (r.left() > 0) {
    const auto size = r.u32();
    if (!r.ok() || size > r.left()) return "the lengths of its units do not add up";
    const auto unit = r.take(size);
    if (auto why = damage_of_unit(unit, config, idr); !why.empty()) return why;
    const int type = type_of(unit[0]);
    slice = slice || type == kSlice || type == kIdrSlice;
  }
  return slice ? "" : "it holds no picture";
}

}  // namespace rostrum::avc
