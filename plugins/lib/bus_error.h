// SPDX-License-Identifier: LGPL-2.1-or-later
// What a message of a bus says is wrong.
#pragma once

#include "lib/gst_ptr.h"

namespace rostrum {

// Of an error or a warning.
inline GErrorPtr error_of(GstMessage* message) {
  GError* raw = nullptr;
  GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR
      ? gst_message_parse_error(message, &raw, nullptr)
      : gst_message_parse_warning(message, &raw, nullptr);
  return GErrorPtr{raw};
}

// The first error that is on the bus; null = there is none.
inline GErrorPtr pop_error(GstElement* pipeline) {
  const auto bus = adopt(gst_element_get_bus(pipeline));
  const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  return message ? error_of(message.get()) : nullptr;
}

}  // namespace rostrum
