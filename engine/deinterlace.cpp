// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/deinterlace.h"

#include <gst/video/video.h>

namespace rostrum {

bool is_interlaced(const GstCaps* caps) {
  GstVideoInfo info;
  return caps && gst_caps_is_fixed(caps) && gst_video_info_from_caps(&info, caps) &&
         GST_VIDEO_INFO_IS_INTERLACED(&info);
}

GstPtr<GstPad> deinterlaced(GstElement* pipeline, GstElement* sink) {
  auto* element = gst_element_factory_make("deinterlace", nullptr);
  if (!element) return {};
  gst_util_set_object_arg(G_OBJECT(element), "fields", "top");
  gst_util_set_object_arg(G_OBJECT(element), "method", "linear");
  gst_bin_add(GST_BIN(pipeline), element);
  gst_element_link(element, sink);
  gst_element_sync_state_with_parent(element);
  return adopt(gst_element_get_static_pad(element, "sink"));
}

}  // namespace rostrum
