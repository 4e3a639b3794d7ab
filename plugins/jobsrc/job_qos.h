// SPDX-License-Identifier: LGPL-2.1-or-later
// Quality of service of a graph, which counts its time from its own beginning and at rate 1, in the
// time of the film that is played.
#pragma once

#include "core/timeline.h"
#include "lib/gst_ptr.h"

#include <gst/gst.h>

namespace rostrum {

struct GraphBegin {
  GstSegment segment;                // of the film
  Nanoseconds at{0};                 // the graph's first frame or sample, in the film
  const GstObject* graph = nullptr;  // to be compared only
};

// For the graph, of an event from downstream; null where it speaks of what came before the graph.
GstEvent* qos_in_graph_time(GstEvent* event, const GraphBegin& begin);

// Whether it is the graph itself, or in it.
bool is_in(GstObject* object, const GraphBegin& begin);
// For the application, of a QoS message from the graph.
GstPtr<GstMessage> qos_in_film_time(GstMessage* message, const GraphBegin& begin);

}  // namespace rostrum
