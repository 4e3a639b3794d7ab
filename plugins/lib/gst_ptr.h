// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning pointers for GStreamer and GLib types: one reference per GstPtr.
#pragma once

#include <gst/gst.h>

#include <memory>

namespace rostrum {

// How a type takes and gives back a reference. Unknown types do not compile.
template <typename T>
struct Ref;

#define ROSTRUM_REF(Type, ref, unref)                     \
  template <>                                             \
  struct Ref<Type> {                                      \
    static void take(Type* p) { ref(p); }                 \
    void operator()(Type* p) const noexcept { unref(p); } \
  };

ROSTRUM_REF(GstBuffer, gst_buffer_ref, gst_buffer_unref)
ROSTRUM_REF(GstCaps, gst_caps_ref, gst_caps_unref)
ROSTRUM_REF(GstEvent, gst_event_ref, gst_event_unref)
ROSTRUM_REF(GstMessage, gst_message_ref, gst_message_unref)
ROSTRUM_REF(GstQuery, gst_query_ref, gst_query_unref)
ROSTRUM_REF(GstSample, gst_sample_ref, gst_sample_unref)
ROSTRUM_REF(GstTagList, gst_tag_list_ref, gst_tag_list_unref)
ROSTRUM_REF(GstBus, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstClock, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstElement, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstElementFactory, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstPlugin, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstPluginFeature, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstPad, gst_object_ref_sink, gst_object_unref)
ROSTRUM_REF(GstControlSource, gst_object_ref_sink, gst_object_unref)
#undef ROSTRUM_REF

template <typename T>
using GstPtr = std::unique_ptr<T, Ref<T>>;

// (transfer full): the caller already owns the reference.
template <typename T>
[[nodiscard]] GstPtr<T> adopt(T* p) noexcept {
  if constexpr (requires { p->object; })
    g_assert(!p || !g_object_is_floating(p));  // a floating object must be retained
  return GstPtr<T>{p};
}

// (transfer none) or floating: takes a reference of its own.
template <typename T>
[[nodiscard]] GstPtr<T> retain(T* p) {
  if (p) Ref<T>::take(p);
  return GstPtr<T>{p};
}

// Single-owner GLib values.
template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using GCharPtr = std::unique_ptr<gchar, Freed<g_free>>;
using GErrorPtr = std::unique_ptr<GError, Freed<g_error_free>>;
using StructurePtr = std::unique_ptr<GstStructure, Freed<gst_structure_free>>;

}  // namespace rostrum
