// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a slidesrc and keeps what it puts out.
#pragma once

#include "engine/substitution.h"
#include "lib/gst_ptr.h"
#include "pictures.h"

#include <gst/app/gstappsink.h>

#include <memory>
#include <string>
#include <vector>

namespace rostrum::test {

struct TestSlide {
  std::string location{};
  GstClockTime start = 0;
  GstClockTime duration = 0;
  int page = 1;
  std::string more{};  // further fields, as text
};

inline void set_slides(GstElement* source, const std::vector<TestSlide>& slides) {
  GValue array = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  for (const auto& slide : slides) {
    auto* structure = gst_structure_from_string(("slide" + slide.more).c_str(), nullptr);
    gst_structure_set(structure, "start", G_TYPE_UINT64, slide.start, "duration", G_TYPE_UINT64,
                      slide.duration, "page", G_TYPE_INT, slide.page, nullptr);
    if (!slide.location.empty())
      gst_structure_set(structure, "location", G_TYPE_STRING, slide.location.c_str(), nullptr);
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&value, structure);
    gst_value_array_append_and_take_value(&array, &value);
  }
  g_object_set_property(G_OBJECT(source), "slides", &array);
  g_value_unset(&array);
}

// `slidesrc name=source <properties> ! … ! appsink`.
class Player {
 public:
  explicit Player(const std::string& properties, const std::string& between = "",
                  const std::vector<TestSlide>& slides = {}) {
    const auto line = "slidesrc name=source width=64 height=36 " + properties + " ! " + between +
                      " appsink name=sink sync=false";
    GError* problem = nullptr;
    pipeline_ = retain(gst_parse_launch(line.c_str(), &problem));
    const GErrorPtr error{problem};
    EXPECT_FALSE(error) << error->message;
    source_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "source"));
    sink_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "sink"));
    bus_ = adopt(gst_element_get_bus(pipeline_.get()));
    if (!slides.empty()) set_slides(source(), slides);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  ~Player() { to(GST_STATE_NULL); }

  GstElement* pipeline() { return pipeline_.get(); }
  GstElement* source() { return source_.get(); }

  GstStateChangeReturn to(GstState state) {
    gst_element_set_state(pipeline(), state);
    return gst_element_get_state(pipeline(), nullptr, nullptr, 20 * GST_SECOND);
  }

  // Null at the end, and after an error.
  GstPtr<GstSample> next() {
    return adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 20 * GST_SECOND));
  }

  // All that comes until the end, from PLAYING.
  std::vector<GstPtr<GstBuffer>> play() {
    gst_element_set_state(pipeline(), GST_STATE_PLAYING);
    std::vector<GstPtr<GstBuffer>> buffers;
    while (const auto sample = next())
      buffers.push_back(retain(gst_sample_get_buffer(sample.get())));
    return buffers;
  }

  std::vector<GstPtr<GstMessage>> messages(int types) {
    std::vector<GstPtr<GstMessage>> found;
    while (auto message =
               adopt(gst_bus_pop_filtered(bus_.get(), static_cast<GstMessageType>(types))))
      found.push_back(std::move(message));
    return found;
  }

  // The texts of the error messages so far.
  std::vector<std::string> errors() {
    std::vector<std::string> texts;
    for (const auto& message : messages(GST_MESSAGE_ERROR)) {
      GError* problem = nullptr;
      gst_message_parse_error(message.get(), &problem, nullptr);
      const GErrorPtr error{problem};
      texts.emplace_back(error->message);
    }
    return texts;
  }

  std::vector<Substitution> substitutions() {
    std::vector<Substitution> found;
    for (const auto& message : messages(GST_MESSAGE_ELEMENT))
      if (auto substitution = read_substitution(message.get())) found.push_back(*substitution);
    return found;
  }

 private:
  GstPtr<GstElement> pipeline_, source_, sink_;
  GstPtr<GstBus> bus_;
};

inline constexpr Size kSmall{64, 36};  // of a Player's frames

}  // namespace rostrum::test
