// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties of chunksink and what they mean.
#pragma once

#include "chunksink/chunk_branch.h"
#include "core/chunk_cuts.h"

#include <gst/gst.h>

#include <string>
#include <vector>

namespace rostrum {

enum ChunkSinkProperty {
  PROP_0,
  PROP_LOCATION,
  PROP_CHUNK_DURATION,
  PROP_BOUNDARIES,
  PROP_MUXER,
  PROP_FSYNC,
  PROP_RESUME,
  PROP_PLAYLIST,
  PROP_CHUNKS,
  N_PROPS
};

struct ChunkSettings {
  std::string location;
  std::uint64_t chunk_duration = 0;  // nanoseconds; 0 = not used
  std::vector<Nanoseconds> boundaries;
  int muxer = 0;  // of chunk_sink_muxer_type()
  bool fsync = true;
  bool resume = false;
  std::string playlist;  // "" = none

  Result<ChunkCuts> cuts() const;
  Result<void> container() const;  // whether it suits the rest
  const ChunkMuxer& chunk_muxer() const;
};

GType chunk_sink_muxer_type();
void install_chunk_sink_properties(GObjectClass* object_class);
// False: there is no such setting.
bool set_setting(ChunkSettings& settings, guint id, const GValue* value);
bool get_setting(const ChunkSettings& settings, guint id, GValue* value);

}  // namespace rostrum
