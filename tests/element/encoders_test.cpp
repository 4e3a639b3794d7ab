// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "engine/encoder_settings.h"
#include "engine/voice_filters.h"
#include "lib/gst_ptr.h"
#include "media_maker.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
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

constexpr const char* kProfiles[] = {"quality", "balanced", "fast", "draft"};

const std::vector<VideoEncoder>& built_in() {
  static const auto encoders = load_encoders();
  return *encoders;
}

Result<PictureCoding> coding_of(const char* encoder, const char* profile) {
  return picture_coding(*find_encoder(built_in(), encoder), profile);
}

std::vector<std::string> usable(const char* name) {
  const auto encoders = usable_encoders(built_in(), name, "balanced");
  std::vector<std::string> names;
  for (const auto& encoder : encoders.value()) names.push_back(encoder.name);
  return names;
}

class EveryEncoder : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(EveryEncoder, MakesHighInClosedGops) {
  const auto coding = std::apply(coding_of, GetParam());
  ASSERT_TRUE(coding);
  const auto encoded = encode(coding->description, 260);
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
  const auto description = std::apply(coding_of, GetParam())->description;
  const auto bytes = encode(description, 30).bytes;
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(bytes, encode(description, 30).bytes);
}

INSTANTIATE_TEST_SUITE_P(Encoders, EveryEncoder,
                         testing::Combine(testing::Values("x264", "openh264"),
                                          testing::ValuesIn(kProfiles)));

class EveryProfile : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EveryProfile, IsPlainConstantQualityOfX264) {
  const auto [profile, crf] = GetParam();
  const auto encoded = encode(coding_of("x264", profile)->description, 30);
  // x264 writes its settings into the stream
  EXPECT_TRUE(says(encoded, "rc=crf"));
  EXPECT_TRUE(says(encoded, crf));
  EXPECT_FALSE(says(encoded, "vbv_maxrate"));
  EXPECT_TRUE(says(encoded, " threads=1 "));
  EXPECT_FALSE(says(encoded, "open_gop=1"));
}

INSTANTIATE_TEST_SUITE_P(Encoders, EveryProfile,
                         testing::Values(std::pair{"quality", "crf=20.0"},
                                         std::pair{"balanced", "crf=23.0"},
                                         std::pair{"fast", "crf=28.0"},
                                         std::pair{"draft", "crf=28.0"}));

// Chunks of earlier renders are found again only by the same settings.
TEST(Encoders, TheUsualSettingsOfX264StayAsTheyAre) {
  EXPECT_EQ(coding_of("x264", "balanced")->description,
            "x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast threads=1 "
            "sync-lookahead=0 rc-lookahead=10 dct8x8=true key-int-max=250 ! "
            "video/x-h264,profile=high ! h264parse ! "
            "capsfilter caps=video/x-h264,stream-format=avc,alignment=au");
}

TEST(Encoders, ACoarserQuantizerMakesOpenH264Smaller) {
  const auto size = [](const char* profile) {
    return encode(coding_of("openh264", profile)->description, 30).bytes.size();
  };
  EXPECT_LT(size("draft") * 5, size("balanced") * 4);
  EXPECT_LT(size("fast"), size("balanced"));
  EXPECT_LT(size("balanced"), size("quality"));
}

TEST(Encoders, EveryProfileFitsTheElementThatIsInstalled) {
  int checked = 0;
  for (const auto& encoder : built_in()) {
    EXPECT_EQ(profile_names({encoder}),
              (std::vector<std::string>{"balanced", "draft", "fast", "quality"}));
    if (!adopt(gst_element_factory_find(encoder.element.c_str()))) continue;
    ++checked;
    for (const auto* profile : kProfiles) {
      const auto coding = picture_coding(encoder, profile);
      EXPECT_TRUE(coding) << coding.error().message;
    }
  }
  EXPECT_GE(checked, 2);
}

TEST(Encoders, AnUnknownNameIsAUsageError) {
  for (const auto& [encoder, profile] :
       {std::pair{"h266", "balanced"}, {"x264", "best"}, {"auto", "best"}}) {
    const auto found = usable_encoders(built_in(), encoder, profile);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, Kind::usage);
  }
}

TEST(Encoders, AutoTakesThoseOfTheCodecThatIsAskedFor) {
  if (!adopt(gst_element_factory_find("vp9enc"))) GTEST_SKIP() << "without vp9enc";
  const auto found = usable_encoders(built_in(), "auto", "balanced", "vp9");
  ASSERT_TRUE(found) << found.error().message;
  for (const auto& encoder : *found) EXPECT_EQ(encoder.codec, "vp9");
  EXPECT_EQ(usable("vp9"), std::vector<std::string>{"vp9"});
}

TEST(Encoders, AutoTakesAllThatAreInstalledTheBestFirst) {
  const std::vector<std::string> processor{"x264", "openh264"};
  auto found = usable("auto");
  EXPECT_TRUE(std::equal(processor.rbegin(), processor.rend(), found.rbegin()));
  const Hidden x264{"x264enc"};
  found = usable("auto");
  EXPECT_EQ(found.back(), "openh264");
  EXPECT_EQ(std::count(found.begin(), found.end(), "x264"), 0);
}

TEST(Encoders, ANamedEncoderHasNoOtherBehindIt) {
  EXPECT_EQ(usable("openh264"), std::vector<std::string>{"openh264"});
}

TEST(Encoders, AMissingEncoderIsNamedWithItsPackage) {
  const Hidden x264{"x264enc"};
  const Hidden openh264{"openh264enc"};
  for (const char* name : {"auto", "x264"}) {
    const auto found = usable_encoders(built_in(), name, "balanced");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, Kind::missing_component);
    EXPECT_NE(found.error().message.find("gstreamer1.0-plugins-ugly"), std::string::npos);
  }
}

TEST(Encoders, TheCodingTellsEncodersAndProfilesApart) {
  const auto x264 = coding_of("x264", "balanced");
  EXPECT_NE(x264->builds.find("libx264"), std::string::npos);
  EXPECT_NE(x264->description, coding_of("x264", "fast")->description);
  EXPECT_NE(x264->builds, coding_of("openh264", "balanced")->builds);
}

// What the element says of each property decides, not what the profile hopes.
TEST(EncoderSettings, AreHeldAgainstTheElement) {
  std::vector<VideoEncoder> encoders;
  ASSERT_TRUE(add_encoder(R"({"encoder": "a", "element": "x264enc", "codec": "h264", "profiles": {
      "good": {"speed-preset": ["p4", "hq", "fast"], "option-string": "aq-mode=1:qcomp=0.5"},
      "bad": {"speed": 1, "speed-preset": "warp", "quantizer": 99, "dct8x8": "perhaps",
              "parent": "x"}}})",
                          encoders)
                  .empty());
  const auto good = launch_settings(encoders.front(), "good");
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, " speed-preset=fast option-string=\"aq-mode=1:qcomp=0.5\"");
  const auto bad = launch_settings(encoders.front(), "bad");
  ASSERT_FALSE(bad);
  std::vector<std::string> pointers;
  for (const auto& problem : bad.error()) {
    pointers.push_back(problem.pointer);
    EXPECT_NE(problem.message.find("x264enc"), std::string::npos) << problem.message;
  }
  EXPECT_EQ(pointers, (std::vector<std::string>{"/profiles/bad/speed", "/profiles/bad/speed-preset",
                                                "/profiles/bad/quantizer", "/profiles/bad/dct8x8",
                                                "/profiles/bad/parent"}));
  EXPECT_NE(bad.error()[1].message.find("ultrafast"), std::string::npos);
  EXPECT_NE(bad.error()[2].message.find("0 to 50"), std::string::npos);
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
