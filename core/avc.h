// SPDX-License-Identifier: LGPL-2.1-or-later
// H.264 as MP4 carries it (ISO/IEC 14496-15, 5): its configuration, and the units that its samples
// are made of.  Section numbers of units are those of ITU-T H.264.
#pragma once

#include "core/mp4_box.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum::avc {

using mp4::Bytes;
using mp4::View;

// Types of units (7.4.1, table 7-1).
inline constexpr int kSlice = 1;
inline constexpr int kIdrSlice = 5;
inline constexpr int kSequenceParameters = 7;
inline constexpr int kPictureParameters = 8;
inline constexpr int kDelimiter = 9;
constexpr int type_of(std::uint8_t first_byte) { return first_byte & 0x1f; }

// Bytes of the length before each unit; others than 4 are not read.
inline constexpr std::size_t kLengthBytes = 4;

// The body of an 'avcC' box (5.3.3.1).
struct Config {
  std::uint8_t profile = 0;
  std::uint8_t compatibility = 0;
  std::uint8_t level = 0;
  std::vector<Bytes> sequence;  // parameter sets
  std::vector<Bytes> picture;
  Bytes rest;  // what High and above say besides

  friend bool operator==(const Config&, const Config&) = default;
};

// The only entry of a sample description (a whole 'stsd' box) of H.264 whose parameters stand
// there; nothing when it is something else.
std::optional<mp4::Box> entry_of(View stsd);
// Fields of a picture's sample entry before its boxes (ISO/IEC 14496-12, 12.1.3).
inline constexpr std::size_t kEntryFields = 78;
// Of that entry.
std::optional<Config> config_of(View stsd);

// Nothing when it is broken, or its units' lengths are not of 4 bytes.
std::optional<Config> parse_config(View body);
Bytes write_config(const Config& config);

// All of its sets as units before those of a picture.
Bytes parameter_units(const Config& config);

// One that a decoder of all of them satisfies, with the sets of the first; not empty.
Config common_config(const std::vector<Config>& all);

// What can be seen to be wrong with a coded picture without decoding it, a clause; "" = nothing:
// the units' lengths add up, their types are those of a progressive picture with one slice at
// least, no unit holds what stands for the beginning of another (7.4.1), and parameter sets are
// those of the configuration.
std::string damage(View sample, const Config& config, bool idr);

}  // namespace rostrum::avc
