// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_bin.h"

#include <utility>
#include "lib/bus_error.h"

struct RostrumLiveBinPrivate {
  std::function<void(const std::string& why)> on_error;  // set before anything runs, then constant
};

G_DECLARE_FINAL_TYPE(RostrumLiveBin, rostrum_live_bin, ROSTRUM, LIVE_BIN, GstBin)

struct _RostrumLiveBin {
  GstBin parent;
  RostrumLiveBinPrivate* priv;
};

G_DEFINE_TYPE(RostrumLiveBin, rostrum_live_bin, GST_TYPE_BIN)

// "Could not open resource." -> "Could not open resource"
static std::string rostrum_live_bin_clause(GstMessage* message) {
  std::string text = rostrum::error_of(message)->message;
  if (text.ends_with('.')) text.pop_back();
  return text;
}

static void rostrum_live_bin_handle_message(GstBin* bin, GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) {
    GST_BIN_CLASS(rostrum_live_bin_parent_class)->handle_message(bin, message);
    return;
  }
  const auto owned = rostrum::adopt(message);
  ROSTRUM_LIVE_BIN(bin)->priv->on_error(rostrum_live_bin_clause(message));
}

static void rostrum_live_bin_init(RostrumLiveBin* self) {
  self->priv = new RostrumLiveBinPrivate;
  // What is thrown away inside is no end of the pipeline's.
  gst_bin_set_suppressed_flags(GST_BIN(self), GST_ELEMENT_FLAG_SINK);
  // Nor does the pipeline leave its state until something has come.
  g_object_set(self, "async-handling", TRUE, nullptr);
}

static void rostrum_live_bin_finalize(GObject* object) {
  delete ROSTRUM_LIVE_BIN(object)->priv;
  G_OBJECT_CLASS(rostrum_live_bin_parent_class)->finalize(object);
}

static void rostrum_live_bin_class_init(RostrumLiveBinClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = rostrum_live_bin_finalize;
  GST_BIN_CLASS(klass)->handle_message = GST_DEBUG_FUNCPTR(rostrum_live_bin_handle_message);
}

namespace rostrum {

GstPtr<GstElement> make_live_bin(std::function<void(const std::string& why)> on_error) {
  auto* bin = static_cast<GstElement*>(g_object_new(rostrum_live_bin_get_type(), nullptr));
  ROSTRUM_LIVE_BIN(bin)->priv->on_error = std::move(on_error);
  return retain(bin);
}

}  // namespace rostrum
