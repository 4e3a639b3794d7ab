// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/live_streams.h"

#include "core/findings.h"
#include "engine/job.h"
#include "engine/live_hosts.h"

namespace rostrum {

Result<std::shared_ptr<LiveStreams>> LiveStreams::open(GstBin* owner, const Job& job,
                                                       const std::vector<std::string>& hosts) {
  auto plan = plan_live(job.manifest);
  auto rules = host_rules(hosts, "");
  if (const auto problems = refused_hosts(plan, rules); !problems.empty())
    return tl::unexpected(manifest_error(job.path, problems));
  auto graph = LiveGraph::make(std::move(plan), std::move(rules));
  if (!graph) return tl::unexpected(graph.error());
  std::shared_ptr<LiveStreams> streams{new LiveStreams{owner, std::move(*graph)}};
  gst_bin_add(owner, streams->graph_->bin());
  streams->add_pads();
  return streams;
}

void LiveStreams::add_pads() {
  auto* element = GST_ELEMENT(owner_);
  std::size_t next = 0;
  for (const char* name : {"video", "audio"}) {
    const auto target = adopt(gst_element_get_static_pad(graph_->bin(), name));
    auto* templ = gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(element), name);
    auto* pad = gst_ghost_pad_new_from_template(name, target.get(), templ);
    gst_pad_set_event_function(pad, on_event);
    gst_pad_set_query_function(pad, on_query);
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(element, pads_[next++] = pad);
  }
  gst_element_no_more_pads(element);
}

gboolean LiveStreams::on_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK) return gst_pad_event_default(pad, parent, event);
  gst_event_unref(event);
  return FALSE;
}

gboolean LiveStreams::on_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_DURATION) return FALSE;
  if (GST_QUERY_TYPE(query) != GST_QUERY_SEEKING) return gst_pad_query_default(pad, parent, query);
  GstFormat format{};
  gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
  gst_query_set_seeking(query, format, FALSE, 0, -1);
  return TRUE;
}

void LiveStreams::begin() {
  if (begun_) return;
  begun_ = true;
  graph_->begin();
}

void LiveStreams::remove() {
  for (auto*& pad : pads_) {
    if (!pad) continue;
    gst_pad_set_active(pad, FALSE);
    gst_element_remove_pad(GST_ELEMENT(owner_), std::exchange(pad, nullptr));
  }
  gst_element_set_state(graph_->bin(), GST_STATE_NULL);
  gst_bin_remove(owner_, graph_->bin());
}

}  // namespace rostrum
