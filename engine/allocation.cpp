// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/allocation.h"

#include "lib/gst_ptr.h"

#include <memory>

namespace rostrum {

namespace {

using PoolPtr = std::unique_ptr<GstBufferPool, Freed<gst_object_unref>>;

GstPadProbeReturn clear_minimum(GstPad*, GstPadProbeInfo* info, gpointer) {
  auto* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  for (guint i = 0; i < gst_query_get_n_allocation_pools(query); ++i) {
    GstBufferPool* raw = nullptr;
    guint size = 0;
    guint most = 0;
    gst_query_parse_nth_allocation_pool(query, i, &raw, &size, nullptr, &most);
    const PoolPtr pool{raw};
    gst_query_set_nth_allocation_pool(query, i, pool.get(), size, 0, most);
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

void allocate_on_demand(GstPad* pad) {
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM | GST_PAD_PROBE_TYPE_PULL),
      clear_minimum, nullptr, nullptr);
}

}  // namespace rostrum
