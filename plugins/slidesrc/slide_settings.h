// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties of slidesrc.
#pragma once

#include "core/timeline.h"

#include <gst/gst.h>

#include <string>

namespace rostrum {

// An owned GST_TYPE_ARRAY.
class SlideArray {
 public:
  SlideArray() { g_value_init(&value_, GST_TYPE_ARRAY); }
  SlideArray(const SlideArray& other) : SlideArray{} { set(other.get()); }
  SlideArray& operator=(const SlideArray& other) {
    if (this != &other) set(other.get());
    return *this;
  }
  ~SlideArray() { g_value_unset(&value_); }

  void set(const GValue* value) { g_value_copy(value, &value_); }
  const GValue* get() const { return &value_; }
  bool empty() const { return gst_value_array_get_size(&value_) == 0; }

 private:
  GValue value_ = G_VALUE_INIT;
};

struct SlideSettings {
  SlideArray slides;
  std::string location;  // of a manifest
  std::string track;
  int width = 1280;
  int height = 720;
  Fraction rate{25, 1};
  guint64 start = 0;                   // nanoseconds
  guint64 stop = GST_CLOCK_TIME_NONE;  // nanoseconds; none: the end of the last slide
  bool on_change = false;              // one buffer per change instead of one per frame
  bool gap_events = false;             // GAP events instead of black
  bool fail_on_damage = false;
};

void install_slide_properties(GObjectClass* klass);

// False for an unknown id.
bool set_slide_property(SlideSettings& settings, guint id, const GValue* value);
bool get_slide_property(const SlideSettings& settings, guint id, GValue* value);

}  // namespace rostrum
