// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ROSTRUM_TYPE_CHUNK_SINK (rostrum_chunk_sink_get_type())
G_DECLARE_FINAL_TYPE(RostrumChunkSink, rostrum_chunk_sink, ROSTRUM, CHUNK_SINK, GstBin)
GST_ELEMENT_REGISTER_DECLARE(chunksink)

G_END_DECLS
