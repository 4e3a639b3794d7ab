// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define ROSTRUM_TYPE_TIMELINE_SRC (rostrum_timeline_src_get_type())
G_DECLARE_FINAL_TYPE(RostrumTimelineSrc, rostrum_timeline_src, ROSTRUM, TIMELINE_SRC, GstPushSrc)
GST_ELEMENT_REGISTER_DECLARE(timelinesrc)

G_END_DECLS
