// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define ROSTRUM_TYPE_SLIDE_SRC (rostrum_slide_src_get_type())
G_DECLARE_FINAL_TYPE(RostrumSlideSrc, rostrum_slide_src, ROSTRUM, SLIDE_SRC, GstPushSrc)
GST_ELEMENT_REGISTER_DECLARE(slidesrc)

G_END_DECLS
