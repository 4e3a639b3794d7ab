// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/runner.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

// Refuses to start, and says nothing.
struct MuteElement {
  GstElement parent;
};
struct MuteElementClass {
  GstElementClass parent_class;
};

void mute_element_class_init(gpointer klass, gpointer) {
  GST_ELEMENT_CLASS(klass)->change_state = [](GstElement*, GstStateChange change) {
    return change == GST_STATE_CHANGE_NULL_TO_READY ? GST_STATE_CHANGE_FAILURE
                                                    : GST_STATE_CHANGE_SUCCESS;
  };
}

GType mute_element_get_type() {
  static const GType type = g_type_register_static_simple(
      GST_TYPE_ELEMENT, "MuteElement", sizeof(MuteElementClass), mute_element_class_init,
      sizeof(MuteElement), nullptr, static_cast<GTypeFlags>(0));
  return type;
}

Kind kind_of_failure(const char* launch) {
  const auto pipeline = retain(gst_parse_launch(launch, nullptr));
  const auto result = run_pipeline(pipeline.get(), {});
  EXPECT_FALSE(result);
  return result ? Kind::usage : result.error().kind;
}

}  // namespace

TEST(Runner, AnEncoderThatFailsIsToldFromOtherElements) {
  EXPECT_EQ(
      kind_of_failure("fakesrc num-buffers=9 ! bin.( name=video-encoder identity error-after=3 ) "
                      "! fakesink"),
      Kind::encoder);
  EXPECT_EQ(kind_of_failure("fakesrc num-buffers=9 ! identity error-after=3 ! "
                            "bin.( name=video-encoder identity ) ! fakesink"),
            Kind::media);
}

TEST(Runner, AnEncoderThatDoesNotStartIsOneThatFails) {
  const auto pipeline = retain(gst_parse_launch(
      "fakesrc num-buffers=9 ! fakesink bin.( name=video-encoder identity )", nullptr));
  const auto bin = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "video-encoder"));
  gst_bin_add(GST_BIN(bin.get()), GST_ELEMENT(g_object_new(mute_element_get_type(), nullptr)));
  const auto result = run_pipeline(pipeline.get(), {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Kind::encoder);
}
