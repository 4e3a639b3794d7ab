// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/orientation.h"

#include "core/mp4_turn.h"
#include "engine/file.h"

namespace rostrum {

namespace {

GstVideoOrientationMethod method_of(const mp4::Turn& turn) {
  if (turn.a != 0) {
    if (turn.a > 0) return turn.d > 0 ? GST_VIDEO_ORIENTATION_IDENTITY : GST_VIDEO_ORIENTATION_VERT;
    return turn.d > 0 ? GST_VIDEO_ORIENTATION_HORIZ : GST_VIDEO_ORIENTATION_180;
  }
  if (turn.b > 0) return turn.c > 0 ? GST_VIDEO_ORIENTATION_UL_LR : GST_VIDEO_ORIENTATION_90R;
  return turn.c > 0 ? GST_VIDEO_ORIENTATION_90L : GST_VIDEO_ORIENTATION_UR_LL;
}

}  // namespace

std::optional<GstVideoOrientationMethod> orientation_in_file(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return {};
  const auto body = read_moov(*file, path);
  const auto turn = body ? mp4::picture_turn(*body) : std::nullopt;
  return turn ? std::optional{method_of(*turn)} : std::nullopt;
}

}  // namespace rostrum
