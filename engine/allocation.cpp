// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/allocation.h"

#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <memory>

namespace rostrum {

namespace {

using PoolPtr = std::unique_ptr<GstBufferPool, Freed<gst_object_unref>>;

// Streaming thread only.
class KeptPool {
 public:
  KeptPool() = default;
  ~KeptPool() { let_go(); }
  KeptPool(const KeptPool&) = delete;
  KeptPool& operator=(const KeptPool&) = delete;

  // `offered`: may be null.
  GstBufferPool* of(GstCaps* caps, GstBufferPool* offered) {
    if (caps_ && gst_caps_is_equal(caps_.get(), caps)) return pool_.get();
    let_go();
    pool_.reset(offered ? GST_BUFFER_POOL(gst_object_ref(offered)) : gst_video_buffer_pool_new());
    caps_ = retain(caps);
    return pool_.get();
  }

 private:
  void let_go() {
    if (pool_) gst_buffer_pool_set_active(pool_.get(), FALSE);
    pool_.reset();
  }

  PoolPtr pool_;
  GstPtr<GstCaps> caps_;
};

// A pool of its own kind has memory that what follows wants; plain memory is as good as any other.
bool is_plain(GstBufferPool* pool) {
  return !pool || G_OBJECT_TYPE(pool) == GST_TYPE_VIDEO_BUFFER_POOL;
}

void offer(GstQuery* query, KeptPool& kept) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstBufferPool* raw = nullptr;
  guint size = 0;
  guint most = 0;
  const bool any = gst_query_get_n_allocation_pools(query) > 0;
  if (any) gst_query_parse_nth_allocation_pool(query, 0, &raw, &size, nullptr, &most);
  const PoolPtr pool{raw};
  if (!caps) return;
  auto* const offered = is_plain(pool.get()) ? kept.of(caps, pool.get()) : pool.get();
  if (any)
    gst_query_set_nth_allocation_pool(query, 0, offered, size, 0, most);
  else
    gst_query_add_allocation_pool(query, offered, 0, 0, 0);
}

GstPadProbeReturn on_query(GstPad*, GstPadProbeInfo* info, gpointer kept) {
  auto* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION) offer(query, *static_cast<KeptPool*>(kept));
  return GST_PAD_PROBE_OK;
}

}  // namespace

void keep_pool(GstPad* pad) {
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM | GST_PAD_PROBE_TYPE_PULL),
      on_query, new KeptPool, [](gpointer kept) { delete static_cast<KeptPool*>(kept); });
}

}  // namespace rostrum
