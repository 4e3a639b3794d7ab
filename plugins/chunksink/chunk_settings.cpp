// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunksink/chunk_settings.h"

#include "lib/glib_cpp.h"

namespace rostrum {

namespace {

GParamSpec* props[N_PROPS];

const GEnumValue kMuxerNames[] = {
    {0, "MP4, one moov at the end", "mp4"},
    {1, "Fragmented MP4", "fmp4"},
    {2, "MPEG transport stream", "mpegts"},
    {3, "Matroska", "matroska"},
    {0, nullptr, nullptr},
};

constexpr ChunkMuxer kMuxers[] = {
    {"mp4mux", "video_%u", "audio_%u", nullptr, nullptr},
    {"mp4mux", "video_%u", "audio_%u", "fragment-duration", "1000", true, true},
    {"mpegtsmux", "sink_%d", "sink_%d", nullptr, nullptr, false, true},
    {"matroskamux", "video_%u", "audio_%u", nullptr, nullptr},
};

void set_boundaries(ChunkSettings& settings, const GValue* value) {
  settings.boundaries.clear();
  for (guint i = 0; i < gst_value_array_get_size(value); ++i) {
    const auto time = g_value_get_uint64(gst_value_array_get_value(value, i));
    settings.boundaries.emplace_back(static_cast<std::int64_t>(time));
  }
}

void get_boundaries(const ChunkSettings& settings, GValue* value) {
  GValue item = G_VALUE_INIT;
  g_value_init(&item, G_TYPE_UINT64);
  for (const auto time : settings.boundaries) {
    g_value_set_uint64(&item, static_cast<guint64>(time.count()));
    gst_value_array_append_value(value, &item);
  }
}

void make_cut_properties() {
  /**
   * RostrumChunkSink:location:
   *
   * Files to write, with one %d or %0Nd for the chunk's index in the file name. While a file is
   * written it is called `.<name>.part`. The journal is `<location>.journal`, pattern and all.
   */
  props[PROP_LOCATION] = g_param_spec_string(
      "location", "Location", "Files to write, with one %d or %0Nd for the chunk's index", "",
      kMutableReady);
  /**
   * RostrumChunkSink:chunk-duration:
   *
   * Chunk k holds the running times from k to k + 1 times this, in nanoseconds; 0 = not used.
   */
  props[PROP_CHUNK_DURATION] = g_param_spec_uint64(
      "chunk-duration", "Chunk duration", "Nanoseconds from one cut to the next; 0 = not used", 0,
      G_MAXINT64, ChunkSettings{}.chunk_duration, kMutableReady);
  /**
   * RostrumChunkSink:boundaries:
   *
   * Running times (nanoseconds, strictly increasing) at which a new chunk begins; the first chunk
   * begins with the stream. With neither this nor chunk-duration there is one chunk.
   */
  props[PROP_BOUNDARIES] = gst_param_spec_array(
      "boundaries", "Boundaries", "Running times at which chunks begin, in nanoseconds",
      g_param_spec_uint64("time", "Time", "Running time in nanoseconds", 0, G_MAXINT64, 0,
                          kMutableReady),
      kMutableReady);
}

void make_file_properties() {
  /**
   * RostrumChunkSink:muxer:
   *
   * Container of the chunks.
   */
  props[PROP_MUXER] =
      g_param_spec_enum("muxer", "Muxer", "Container of the chunks", chunk_sink_muxer_type(),
                        ChunkSettings{}.muxer, kMutableReady);
  /**
   * RostrumChunkSink:fsync:
   *
   * Whether a chunk is on the medium, and not only in the system's memory, when it is announced.
   */
  props[PROP_FSYNC] =
      g_param_spec_boolean("fsync", "Sync", "Whether chunks are on the medium when announced",
                           ChunkSettings{}.fsync, kMutableReady);
}

void make_run_properties() {
  /**
   * RostrumChunkSink:resume:
   *
   * Keeps the whole chunks of an earlier run with the same location and cuts, and drops what comes
   * for them. Otherwise the journal starts anew.
   */
  props[PROP_RESUME] =
      g_param_spec_boolean("resume", "Resume", "Whether to go on after an earlier run's last chunk",
                           ChunkSettings{}.resume, kMutableReady);
  /**
   * RostrumChunkSink:playlist:
   *
   * An HLS playlist (RFC 8216) of the chunks, replaced as a whole after each of them and ended at
   * EOS. For the muxers mpegts and fmp4, whose timestamps then are running times.
   */
  props[PROP_PLAYLIST] =
      g_param_spec_string("playlist", "Playlist",
                          "HLS playlist of the chunks to write; empty = none", "", kMutableReady);
  /**
   * RostrumChunkSink:chunks:
   *
   * How many chunks of this run, or of the last one, are whole.
   */
  props[PROP_CHUNKS] = g_param_spec_uint64("chunks", "Chunks", "How many chunks are whole", 0,
                                           G_MAXUINT64, 0, kReadable);
}

}  // namespace

Result<ChunkCuts> ChunkSettings::cuts() const {
  if (chunk_duration > 0 && !boundaries.empty())
    return fail(Kind::usage, "Set chunk-duration or boundaries, not both");
  if (chunk_duration > 0)
    return ChunkCuts::every(Nanoseconds{static_cast<std::int64_t>(chunk_duration)});
  return ChunkCuts::at(boundaries);
}

Result<void> ChunkSettings::container() const {
  if (playlist.empty() || chunk_muxer().playlist) return {};
  return fail(Kind::usage,
              "A playlist needs muxer=mpegts or muxer=fmp4: HLS has no other segments");
}

const ChunkMuxer& ChunkSettings::chunk_muxer() const { return kMuxers[muxer]; }

GType chunk_sink_muxer_type() {
  static const GType type = g_enum_register_static("RostrumChunkSinkMuxer", kMuxerNames);
  return type;
}

void install_chunk_sink_properties(GObjectClass* object_class) {
  make_cut_properties();
  make_file_properties();
  make_run_properties();
  g_object_class_install_properties(object_class, N_PROPS, props);
}

bool set_setting(ChunkSettings& settings, guint id, const GValue* value) {
  switch (id) {
  case PROP_LOCATION:
    settings.location = g_value_get_string(value) ? g_value_get_string(value) : "";
    return true;
  case PROP_CHUNK_DURATION:
    settings.chunk_duration = g_value_get_uint64(value);
    return true;
  case PROP_BOUNDARIES:
    set_boundaries(settings, value);
    return true;
  case PROP_MUXER:
    settings.muxer = g_value_get_enum(value);
    return true;
  case PROP_FSYNC:
    settings.fsync = g_value_get_boolean(value);
    return true;
  case PROP_RESUME:
    settings.resume = g_value_get_boolean(value);
    return true;
  case PROP_PLAYLIST:
    settings.playlist = g_value_get_string(value) ? g_value_get_string(value) : "";
    return true;
  default:
    return false;
  }
}

bool get_setting(const ChunkSettings& settings, guint id, GValue* value) {
  switch (id) {
  case PROP_LOCATION:
    g_value_set_string(value, settings.location.c_str());
    return true;
  case PROP_CHUNK_DURATION:
    g_value_set_uint64(value, settings.chunk_duration);
    return true;
  case PROP_BOUNDARIES:
    get_boundaries(settings, value);
    return true;
  case PROP_MUXER:
    g_value_set_enum(value, settings.muxer);
    return true;
  case PROP_FSYNC:
    g_value_set_boolean(value, settings.fsync);
    return true;
  case PROP_RESUME:
    g_value_set_boolean(value, settings.resume);
    return true;
  case PROP_PLAYLIST:
    g_value_set_string(value, settings.playlist.c_str());
    return true;
  default:
    return false;
  }
}

}  // namespace rostrum
