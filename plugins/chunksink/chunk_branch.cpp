// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunksink/chunk_branch.h"

#include <cstring>

namespace rostrum {

namespace {

// What the muxer sends or asks upstream goes on above chunksink, except latency: a muxer that
// believed to be live would not wait for its other streams, and mux by chance.
gboolean feed_event(GstPad* pad, GstObject*, GstEvent* event) {
  return gst_pad_push_event(static_cast<GstPad*>(gst_pad_get_element_private(pad)), event);
}

gboolean feed_query(GstPad* pad, GstObject*, GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    gst_query_set_latency(query, FALSE, 0, GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  return gst_pad_peer_query(static_cast<GstPad*>(gst_pad_get_element_private(pad)), query);
}

bool add_feed(const ChunkMuxer& kind, ChunkBranch& branch, GstPad* origin, bool video) {
  auto target =
      adopt(gst_element_request_pad_simple(branch.muxer, video ? kind.video_pad : kind.audio_pad));
  if (!target) return false;
  ChunkFeed feed{.pad = retain(gst_pad_new("feed", GST_PAD_SRC)), .origin = retain(origin)};
  feed.track = static_cast<std::uint32_t>(branch.feeds.size()) + 1;
  gst_pad_set_element_private(feed.pad.get(), origin);
  gst_pad_set_event_function(feed.pad.get(), feed_event);
  gst_pad_set_query_function(feed.pad.get(), feed_query);
  gst_pad_set_active(feed.pad.get(), TRUE);
  const bool linked = gst_pad_link_full(feed.pad.get(), target.get(), GST_PAD_LINK_CHECK_NOTHING) ==
                      GST_PAD_LINK_OK;
  branch.feeds.emplace(origin, std::move(feed));
  return linked;
}

gboolean push_sticky(GstPad*, GstEvent** event, gpointer data) {
  if (GST_EVENT_TYPE(*event) != GST_EVENT_EOS)
    gst_pad_push_event(static_cast<GstPad*>(data), gst_event_ref(*event));
  return TRUE;
}

// gst_element_sync_state_with_parent() looks once: when the bin changes state between its look and
// its act, it takes the element back, and a sink that is left paused waits for ever.
bool follow_state(GstBin* bin, GstElement* element) {
  for (;;) {
    const auto target = GST_STATE_TARGET(bin);
    if (gst_element_set_state(element, target) == GST_STATE_CHANGE_FAILURE) return false;
    if (GST_STATE_TARGET(bin) == target) return true;
  }
}

struct StopJob {
  std::shared_ptr<ChunkBranch> branch;
};

}  // namespace

GstPtr<GstCaps> accepted_caps(const ChunkMuxer& muxer, bool video) {
  const auto factory = adopt(gst_element_factory_find(muxer.factory));
  if (!factory) return {};
  const char* wanted = video ? muxer.video_pad : muxer.audio_pad;
  for (const auto* l = gst_element_factory_get_static_pad_templates(factory.get()); l;
       l = l->next) {
    auto* pad_template = static_cast<GstStaticPadTemplate*>(l->data);
    if (std::strcmp(pad_template->name_template, wanted) == 0)
      return adopt(gst_static_pad_template_get_caps(pad_template));
  }
  return {};
}

bool start_branch(GstBin* bin, const ChunkMuxer& kind, ChunkBranch& branch,
                  const std::map<GstPad*, bool>& origins) {
  auto muxer = retain(gst_element_factory_make(kind.factory, nullptr));
  auto sink = retain(gst_element_factory_make("fdsink", nullptr));
  if (!muxer || !sink) return false;
  if (kind.setting) gst_util_set_object_arg(G_OBJECT(muxer.get()), kind.setting, kind.value);
  // async=false: a chunk that begins while playing must not take the pipeline back to preroll.
  g_object_set(sink.get(), "fd", branch.file.descriptor(), "sync", FALSE, "async", FALSE, nullptr);
  branch.muxer = muxer.get();
  branch.sink = sink.get();
  gst_bin_add_many(bin, muxer.get(), sink.get(), nullptr);
  if (!gst_element_link(muxer.get(), sink.get())) return false;
  if (branch.fragments)
    branch.fragments->attach(adopt(gst_element_get_static_pad(muxer.get(), "src")).get());
  // Video first: a muxer numbers its tracks in the order of the requests.
  for (bool video : {true, false}) {
    for (const auto& [origin, is_video] : origins)
      if (is_video == video && !add_feed(kind, branch, origin, video)) return false;
  }
  return follow_state(bin, sink.get()) && follow_state(bin, muxer.get());
}

void start_feed(ChunkFeed& feed) {
  if (feed.started) return;
  feed.started = true;
  gst_pad_sticky_events_foreach(feed.origin.get(), push_sticky, feed.pad.get());
}

void stop_branch(GstBin* bin, ChunkBranch& branch) {
  // The sink first: while paused it holds the muxer's thread.  Both before they part, or the muxer
  // would see a pad that is not linked, which is an error and no end.
  for (auto* element : {branch.sink, branch.muxer}) {
    if (!element) continue;
    gst_element_set_locked_state(element, TRUE);
    gst_element_set_state(element, GST_STATE_NULL);
  }
  for (auto* element : {branch.sink, branch.muxer})
    if (element) gst_bin_remove(bin, element);
  branch.muxer = branch.sink = nullptr;
}

void stop_branch_async(GstBin* bin, std::shared_ptr<ChunkBranch> branch) {
  gst_element_call_async(
      GST_ELEMENT(bin),
      [](GstElement* element, gpointer data) {
        stop_branch(GST_BIN(element), *static_cast<StopJob*>(data)->branch);
      },
      new StopJob{std::move(branch)}, [](gpointer data) { delete static_cast<StopJob*>(data); });
}

}  // namespace rostrum
