// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "lib/gst_ptr.h"
#include "media_maker.h"

#include <gst/app/gstappsink.h>

#include <vector>

using namespace rostrum;

namespace {

struct Encoded {
  GstPtr<GstCaps> caps;
  std::vector<bool> key;  // by packet
  std::string bytes;      // of all packets
};

Encoded encode(const std::string& description, int frames) {
  Encoded encoded;
  const auto launch = "videotestsrc pattern=ball num-buffers=" + std::to_string(frames) +
                      " ! video/x-raw,format=I420,width=320,height=180,framerate=25/1,"
                      "colorimetry=bt709 ! " +
                      description + " ! appsink name=out sync=false";
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  if (!pipeline) return encoded;
  const auto out = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  while (const auto sample =
             adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), 20 * GST_SECOND))) {
    auto* buffer = gst_sample_get_buffer(sample.get());
    if (!encoded.caps) encoded.caps = retain(gst_sample_get_caps(sample.get()));
    encoded.key.push_back(!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT));
    std::string bytes(gst_buffer_get_size(buffer), '\0');
    gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
    encoded.bytes += bytes;
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return encoded;
}

std::string text(const Encoded& encoded, const char* field) {
  const char* value =
      gst_structure_get_string(gst_caps_get_structure(encoded.caps.get(), 0), field);
  return value ? value : "";
}

bool says(const Encoded& encoded, const char* setting) {
  return encoded.bytes.find(setting) != std::string::npos;
}

}  // namespace

class EveryProfile : public testing::TestWithParam<std::pair<Profile, const char*>> {};

TEST_P(EveryProfile, IsPlainConstantQualityInClosedGops) {
  const auto [profile, crf] = GetParam();
  const auto description = describe_video_encoder("auto", profile, 1);
  ASSERT_TRUE(description);
  const auto encoded = encode(*description, 260);
  ASSERT_EQ(encoded.key.size(), 260U);
  EXPECT_EQ(text(encoded, "stream-format"), "avc");
  EXPECT_EQ(text(encoded, "alignment"), "au");
  EXPECT_EQ(text(encoded, "profile"), "high");
  EXPECT_EQ(text(encoded, "chroma-format"), "4:2:0");
  EXPECT_EQ(text(encoded, "colorimetry"), "bt709");
  EXPECT_TRUE(encoded.key.front());
  EXPECT_TRUE(encoded.key[250]);
  // x264 writes its settings into the stream
  EXPECT_TRUE(says(encoded, "rc=crf"));
  EXPECT_TRUE(says(encoded, crf));
  EXPECT_FALSE(says(encoded, "vbv_maxrate"));
  EXPECT_TRUE(says(encoded, " threads=1 "));
  EXPECT_FALSE(says(encoded, "open_gop=1"));
}

INSTANTIATE_TEST_SUITE_P(Encoders, EveryProfile,
                         testing::Values(std::pair{Profile::draft, "crf=28.0"},
                                         std::pair{Profile::balanced, "crf=23.0"}));

TEST(Encoders, TheSameFramesGiveTheSameBytes) {
  const auto description = describe_video_encoder("x264", Profile::balanced, 1);
  EXPECT_EQ(encode(*description, 30).bytes, encode(*description, 30).bytes);
}

TEST(Encoders, AnUnknownNameIsAUsageError) {
  const auto description = describe_video_encoder("h265", Profile::balanced, 1);
  ASSERT_FALSE(description);
  EXPECT_EQ(description.error().kind, Kind::usage);
}

TEST(Encoders, AMissingEncoderIsNamedWithItsPackage) {
  auto* feature = gst_registry_lookup_feature(gst_registry_get(), "x264enc");
  gst_registry_remove_feature(gst_registry_get(), feature);
  const auto description = describe_video_encoder("auto", Profile::balanced, 1);
  gst_registry_add_feature(gst_registry_get(), feature);
  gst_object_unref(feature);
  ASSERT_FALSE(description);
  EXPECT_EQ(description.error().kind, Kind::missing_component);
  EXPECT_NE(description.error().message.find("gstreamer1.0-plugins-ugly"), std::string::npos);
}
