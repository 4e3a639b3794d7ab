// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/coded_video.h"

#include "core/mp4_copy.h"
#include "engine/file.h"
#include "engine/frame_fitter.h"
#include "engine/orientation.h"

#include <gst/video/video.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace rostrum {

namespace {

constexpr Nanoseconds kSameTime{10'000};
constexpr int kMostUnits = 64;  // before the first slice of a picture

// What every player of the film decodes.
constexpr std::array<std::string_view, 5> kProfiles{"constrained-baseline", "main", "high",
                                                    "progressive-high", "constrained-high"};

bool has_usual_profile(const GstCaps* coded) {
  const char* profile = gst_structure_get_string(gst_caps_get_structure(coded, 0), "profile");
  return profile && std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

// GstVideoInfo has colours for pictures that say none.
bool says_no_colors(const GstCaps* raw) {
  return !gst_structure_has_field(gst_caps_get_structure(raw, 0), "colorimetry");
}

bool says_no_matrix(const GstCaps* raw) {
  const char* text = gst_structure_get_string(gst_caps_get_structure(raw, 0), "colorimetry");
  GstVideoColorimetry color{};
  return !text || !gst_video_colorimetry_from_string(&color, text) ||
         color.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN;
}

// With what it leaves unsaid taken for BT.709.
bool may_be_bt709(const GstCaps* raw) {
  if (says_no_colors(raw)) return true;
  const auto color = picture_colors(raw, says_no_matrix(raw) ? Colors::bt709 : Colors::own);
  const bool light = color.transfer == GST_VIDEO_TRANSFER_BT709 ||
                     color.transfer == GST_VIDEO_TRANSFER_BT601 ||
                     color.transfer == GST_VIDEO_TRANSFER_UNKNOWN;
  const bool primaries = color.primaries == GST_VIDEO_COLOR_PRIMARIES_BT709 ||
                         color.primaries == GST_VIDEO_COLOR_PRIMARIES_UNKNOWN;
  return light && primaries && color.matrix == GST_VIDEO_COLOR_MATRIX_BT709 &&
         color.range == GST_VIDEO_COLOR_RANGE_16_235;
}

std::string unlike_a_film(const std::string& path, const GstCaps* coded, const GstCaps* raw,
                          const GstVideoInfo& info) {
  if (!has_usual_profile(coded)) return "its pictures are coded in an unusual profile";
  if (GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420)
    return "its pictures are not of 4:2:0 and 8 bits";
  if (GST_VIDEO_INFO_PAR_N(&info) != GST_VIDEO_INFO_PAR_D(&info))
    return "its pixels are not square";
  if (GST_VIDEO_INFO_IS_INTERLACED(&info)) return "its pictures are interlaced";
  if (orientation_in_file(path) != GST_VIDEO_ORIENTATION_IDENTITY) return "its pictures are turned";
  return may_be_bt709(raw) ? "" : "its colours are not those of BT.709";
}

// By the type of its first slice.
bool is_idr(const File& file, const mp4::Sample& sample) {
  std::uint64_t at = 0;
  for (int i = 0; i < kMostUnits && at + avc::kLengthBytes < sample.size; ++i) {
    const auto head = file.read(sample.offset + at, avc::kLengthBytes + 1);
    mp4::Reader r{head};
    const auto size = r.u32();
    const int type = avc::type_of(r.u8());
    if (!r.ok() || type == avc::kSlice) return false;
    if (type == avc::kIdrSlice) return true;
    at += avc::kLengthBytes + size;
  }
  return false;
}

// Sets pictures and end; false when the index does not say them for certain.
bool find_pictures(const std::string& path, CodedVideo& video) {
  const auto file = File::open_to_read(path);
  const auto moov = file ? read_moov(*file, path) : tl::unexpected(file.error());
  const auto movie = moov ? mp4::read_movie(*moov) : fail(Kind::media, "");
  const auto track = movie ? mp4::read_coded_track(*moov) : fail(Kind::media, "");
  const auto times = track ? mp4::shown_times(*track, movie->timescale) : std::nullopt;
  if (!times || std::chrono::abs(mp4::first_time(*moov) - video.first) > kSameTime) return false;
  for (std::size_t i = 0; i < times->size(); ++i) {
    const auto& sample = track->samples[i];
    const auto time = (*times)[i] == kNoTime ? kNoTime : (*times)[i] - video.first;
    video.pictures.push_back({time, sample.sync && is_idr(*file, sample)});
    if (time == kNoTime) continue;
    const auto length =
        Nanoseconds{scale_floor(sample.duration, 1'000'000'000, track->header.timescale)};
    video.end = std::max(video.end, time + length);
  }
  return true;
}

}  // namespace

std::optional<CodedVideo> coded_video(const std::string& path, const GstCaps* coded,
                                      const GstCaps* raw, Nanoseconds first) {
  GstVideoInfo info;
  if (!gst_structure_has_name(gst_caps_get_structure(coded, 0), "video/x-h264") ||
      !gst_video_info_from_caps(&info, raw))
    return {};
  return CodedVideo{.width = GST_VIDEO_INFO_WIDTH(&info),
                    .height = GST_VIDEO_INFO_HEIGHT(&info),
                    .unlike = unlike_a_film(path, coded, raw, info),
                    .unsaid_colors = says_no_matrix(raw) &&
                                     picture_colors(raw).matrix != GST_VIDEO_COLOR_MATRIX_BT709,
                    .first = first,
                    .pictures = {}};
}

void list_pictures(const std::string& path, CodedVideo& video) {
  if (video.unlike.empty() && !find_pictures(path, video))
    video.unlike = "its index does not list its pictures";
}

}  // namespace rostrum
