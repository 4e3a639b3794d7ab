// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "engine/voice_filters.h"
#include "lib/gst_ptr.h"
#include "media_maker.h"

#include <gst/app/gstappsink.h>

#include <regex>
#include <string>
#include <tuple>
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

// An element that is not installed as long as the object lives.
class Hidden {
 public:
  explicit Hidden(const char* element)
      : feature_{gst_registry_lookup_feature(gst_registry_get(), element)} {
    gst_registry_remove_feature(gst_registry_get(), feature_);
  }
  ~Hidden() {
    gst_registry_add_feature(gst_registry_get(), feature_);
    gst_object_unref(feature_);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  GstPluginFeature* feature_;
};

}  // namespace

class EveryEncoder : public testing::TestWithParam<std::tuple<const char*, Profile>> {};

TEST_P(EveryEncoder, MakesHighInClosedGops) {
  const auto [encoder, profile] = GetParam();
  const auto description = describe_video_encoder(encoder, profile, 1);
  ASSERT_TRUE(description);
  const auto encoded = encode(*description, 260);
  ASSERT_EQ(encoded.key.size(), 260U);
  EXPECT_EQ(text(encoded, "stream-format"), "avc");
  EXPECT_EQ(text(encoded, "alignment"), "au");
  EXPECT_TRUE(text(encoded, "profile").ends_with("high"));  // or its subset constrained-high
  EXPECT_EQ(text(encoded, "chroma-format"), "4:2:0");
  EXPECT_EQ(text(encoded, "colorimetry"), "bt709");
  EXPECT_TRUE(encoded.key.front());
  EXPECT_TRUE(encoded.key[250]);
}

TEST_P(EveryEncoder, GivesTheSameBytesForTheSameFrames) {
  const auto [encoder, profile] = GetParam();
  const auto description = describe_video_encoder(encoder, profile, 1);
  const auto bytes = encode(*description, 30).bytes;
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(bytes, encode(*description, 30).bytes);
}

INSTANTIATE_TEST_SUITE_P(Encoders, EveryEncoder,
                         testing::Combine(testing::ValuesIn(kVideoEncoders),
                                          testing::Values(Profile::draft, Profile::balanced)));

class EveryProfile : public testing::TestWithParam<std::pair<Profile, const char*>> {};

TEST_P(EveryProfile, IsPlainConstantQualityOfX264) {
  const auto [profile, crf] = GetParam();
  const auto encoded = encode(*describe_video_encoder("x264", profile, 1), 30);
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

TEST(Encoders, ACoarserQuantizerMakesOpenH264Smaller) {
  const auto size = [](Profile profile) {
    return encode(*describe_video_encoder("openh264", profile, 1), 30).bytes.size();
  };
  EXPECT_LT(size(Profile::draft) * 5, size(Profile::balanced) * 4);
}

TEST(Encoders, AnUnknownNameIsAUsageError) {
  const auto description = describe_video_encoder("h265", Profile::balanced, 1);
  ASSERT_FALSE(description);
  EXPECT_EQ(description.error().kind, Kind::usage);
}

TEST(Encoders, AutoTakesAllThatAreInstalledTheBestFirst) {
  EXPECT_EQ(video_encoders("auto"), (std::vector<std::string>{"x264", "openh264"}));
  const Hidden x264{"x264enc"};
  EXPECT_EQ(video_encoders("auto"), std::vector<std::string>{"openh264"});
}

TEST(Encoders, ANamedEncoderHasNoOtherBehindIt) {
  EXPECT_EQ(video_encoders("openh264"), std::vector<std::string>{"openh264"});
}

TEST(Encoders, AMissingEncoderIsNamedWithItsPackage) {
  const Hidden x264{"x264enc"};
  const Hidden openh264{"openh264enc"};
  for (const char* name : {"auto", "x264"}) {
    const auto description = describe_video_encoder(name, Profile::balanced, 1);
    ASSERT_FALSE(description);
    EXPECT_EQ(description.error().kind, Kind::missing_component);
    EXPECT_NE(description.error().message.find("gstreamer1.0-plugins-ugly"), std::string::npos);
  }
}

TEST(Encoders, TheVersionTellsEncodersAndProfilesApart) {
  const auto x264 = video_encoder_version("x264", Profile::balanced);
  EXPECT_NE(x264.find("libx264"), std::string::npos);
  EXPECT_NE(x264, video_encoder_version("x264", Profile::draft));
  EXPECT_NE(x264, video_encoder_version("openh264", Profile::balanced));
}

TEST(VoiceFilters, BuildsAreThoseOfTheLibrariesBehindThem) {
  EXPECT_EQ(filter_builds({}), "");
  const std::regex high_pass{"^libgstaudiofx\\.so [0-9a-f]+\n"};
  EXPECT_TRUE(std::regex_search(filter_builds({.high_pass = 80}), high_pass));
  if (!adopt(gst_element_factory_find("webrtcdsp"))) GTEST_SKIP() << "without webrtcdsp";
  const auto builds = filter_builds({.suppression = Suppression::low});
  for (const char* library : {"libgstwebrtcdsp\\.so", "libwebrtc[-_]audio[-_]processing[^ ]*"})
    EXPECT_TRUE(std::regex_search(builds, std::regex{std::string{library} + " [0-9a-f]+\n"}))
        << builds;
}
