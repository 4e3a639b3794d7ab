// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/stream_caps.h"

#include "engine/picture.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>

namespace rostrum {

namespace {

// Whether the picture is to be turned by a quarter, with or without a reflection.
bool is_turned(GstPad* pad) {
  for (guint i = 0;; ++i) {
    const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, i));
    if (!event) return false;
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    gchar* text = nullptr;
    if (!gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &text)) continue;
    const GCharPtr orientation{text};
    return std::strstr(text, "90") || std::strstr(text, "270");
  }
}

}  // namespace

bool is_too_large(const GstCaps* caps) {
  const auto* s = caps && gst_caps_get_size(caps) > 0 ? gst_caps_get_structure(caps, 0) : nullptr;
  const auto beyond = [s](const char* side) {
    int pixels = 0;
    return gst_structure_get_int(s, side, &pixels) && pixels > kLargestPicture;
  };
  return s && (beyond("width") || beyond("height"));
}

std::string too_large() {
  return "its picture is larger than " + std::to_string(kLargestPicture) + " pixels";
}

std::optional<VideoInfo> video_info(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  VideoInfo info;
  if (!caps) return {};
  const auto* s = gst_caps_get_structure(caps.get(), 0);
  if (!gst_structure_get_int(s, "width", &info.width) ||
      !gst_structure_get_int(s, "height", &info.height))
    return {};
  int num = 1;
  int den = 1;
  if (gst_structure_get_fraction(s, "pixel-aspect-ratio", &num, &den) && num > 0 && den > 0)
    info.width = std::max(1, static_cast<int>(scale_round(info.width, num, den)));
  // Beyond 300 a second it is the container's clock rather than a rate.
  if (gst_structure_get_fraction(s, "framerate", &num, &den) && num > 0 && den > 0 &&
      num / den <= 300)
    info.rate = {num, den};
  if (is_turned(pad)) std::swap(info.width, info.height);
  return info;
}

std::string loss_of_light(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  GstVideoInfo info;
  if (!caps || !gst_video_info_from_caps(&info, caps.get())) return {};
  const auto transfer = info.colorimetry.transfer;
  const bool hlg = transfer == GST_VIDEO_TRANSFER_ARIB_STD_B67;
  if (!hlg && transfer != GST_VIDEO_TRANSFER_SMPTE2084) return {};
  return std::string{"its picture is HDR ("} + (hlg ? "HLG" : "PQ") +
         ") and is shown without tone mapping, so that its light and colours are not right";
}

std::optional<AudioInfo> audio_info(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  AudioInfo info;
  if (!caps) return {};
  const auto* s = gst_caps_get_structure(caps.get(), 0);
  if (!gst_structure_get_int(s, "rate", &info.rate) ||
      !gst_structure_get_int(s, "channels", &info.channels))
    return {};
  return info;
}

bool is_aac_lc(GstPad* decoder, const AudioInfo& sound) {
  const auto caps = adopt(gst_pad_get_current_caps(decoder));
  if (!caps) return false;
  const auto* s = gst_caps_get_structure(caps.get(), 0);
  int version = 0;
  int rate = 0;
  int channels = 0;
  gst_structure_get_int(s, "mpegversion", &version);
  gst_structure_get_int(s, "rate", &rate);
  gst_structure_get_int(s, "channels", &channels);
  const char* profile = gst_structure_get_string(s, "profile");
  if (!gst_structure_has_name(s, "audio/mpeg") || (version != 4 && version != 2) || !profile ||
      !g_str_equal(profile, "lc") || rate != sound.rate || channels != sound.channels)
    return false;
  const auto* data = gst_structure_get_value(s, "codec_data");
  guint8 config[2] = {};
  if (data) gst_buffer_extract(gst_value_get_buffer(data), 0, config, sizeof config);
  return (config[1] & 0x04) == 0;
}

}  // namespace rostrum
