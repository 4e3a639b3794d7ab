// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ROSTRUM_TYPE_JOB_SRC rostrum_job_src_get_type()
G_DECLARE_FINAL_TYPE(RostrumJobSrc, rostrum_job_src, ROSTRUM, JOB_SRC, GstBin)
GST_ELEMENT_REGISTER_DECLARE(jobsrc);

G_END_DECLS
