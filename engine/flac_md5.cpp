// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/flac_md5.h"

#include "engine/components.h"
#include "lib/gst_ptr.h"

#include <gst/app/gstappsink.h>

#include <memory>

namespace rostrum {

namespace {

using Checksum = std::unique_ptr<GChecksum, Freed<g_checksum_free>>;

constexpr GstClockTime kPatience = 20 * GST_SECOND;

Result<void> add_part(const std::string& path, GChecksum* sum, const std::stop_token& stop) {
  const auto pipeline = retain(
      gst_parse_launch("filesrc name=in ! qtdemux ! flacdec ! audioconvert !"
                       " audio/x-raw,format=S24LE ! appsink name=out sync=false max-buffers=16",
                       nullptr));
  if (!pipeline) return fail(Kind::missing_component, missing_element("flacdec"));
  const auto in = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const auto out = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  if (!in || !out) return fail(Kind::missing_component, missing_element("flacdec"));
  g_object_set(in.get(), "location", path.c_str(), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  Result<void> done;
  for (;;) {
    const auto sample = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), kPatience));
    if (!sample) break;
    GstMapInfo map;
    auto* buffer = gst_sample_get_buffer(sample.get());
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) break;
    g_checksum_update(sum, map.data, static_cast<gssize>(map.size));
    gst_buffer_unmap(buffer, &map);
    if (stop.stop_requested()) break;
  }
  if (stop.stop_requested())
    done = fail(Kind::interrupted, "interrupted");
  else if (!gst_app_sink_is_eos(GST_APP_SINK(out.get())))
    done = fail(Kind::internal, path + ": cannot be decoded");
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return done;
}

}  // namespace

Result<std::array<std::uint8_t, 16>> flac_md5(const std::vector<SoundPart>& parts,
                                              const std::stop_token& stop) {
  const Checksum sum{g_checksum_new(G_CHECKSUM_MD5)};
  for (const auto& part : parts)
    if (auto done = add_part(part.path, sum.get(), stop); !done)
      return tl::unexpected(done.error());
  std::array<std::uint8_t, 16> md5{};
  gsize size = md5.size();
  g_checksum_get_digest(sum.get(), md5.data(), &size);
  return md5;
}

}  // namespace rostrum
