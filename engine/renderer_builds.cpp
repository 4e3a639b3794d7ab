// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/renderer_builds.h"

#include "engine/bounded_process.h"
#include "engine/library_builds.h"
#include "engine/system_places.h"
#include "lib/gst_ptr.h"

#include <sys/resource.h>

#include <gst/gst.h>

namespace rostrum {

std::string renderer_builds() {
  for (const char* name : {"avdec_h264", "vp8dec", "opusdec", "flacenc", "compositor"})
    if (const auto factory = adopt(gst_element_factory_find(name)))
      (void)adopt(gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory.get())));
  return library_builds({"libavcodec", "libdav1d", "libvpx", "libopus", "libFLAC", "libgstvideo",
                         "libgstaudio", "liborc", "libgstcompositor", "librsvg", "libcairo",
                         "libpango", "libharfbuzz", "libfreetype", "libfribidi", "libfontconfig"});
}

std::string renderer_builds_of(const std::string& program) {
  FileRules files;
  files.read = gstreamer_places();
  files.read.push_back(program);
  files.read.emplace_back("/proc/self");
  ProcessLimits limits;
  limits.time = std::chrono::seconds{5};  // it takes a tenth of one
  limits.memory = RLIM_INFINITY;          // it reads nothing of a user's
  // This process has just looked through the plugins for changes.
  const auto said =
      run_bounded({"env", "GST_REGISTRY_UPDATE=no", program, "builds"}, nullptr, limits, -1, files);
  return said ? *said : renderer_builds();
}

}  // namespace rostrum
