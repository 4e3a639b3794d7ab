// SPDX-License-Identifier: LGPL-2.1-or-later
// What is set on a jobsrc.
#pragma once

#include "core/timeline.h"

#include <gst/gst.h>

#include <optional>
#include <string>
#include <vector>

namespace rostrum::jobsrc {

struct Settings {
  std::string location;
  Nanoseconds at{0};
  std::vector<std::string> roots;
  std::vector<std::string> media_dirs;
  std::vector<std::string> hosts;
  std::optional<std::string> program;  // absent: find_program()
  bool watch = true;
};

enum {
  PROP_0,
  PROP_LOCATION,
  PROP_AT,
  PROP_ALLOW_ROOTS,
  PROP_MEDIA_DIRS,
  PROP_ALLOW_HOSTS,
  PROP_PROGRAM,
  PROP_WATCH,
  PROP_SCENES,
  PROP_LEVELS_KNOWN,
  N_PROPS
};

void install_properties(GObjectClass* klass);
// False for a property that is none of these.
bool set_property(Settings& settings, guint id, const GValue* value);
bool get_property(const Settings& settings, guint id, GValue* value);

}  // namespace rostrum::jobsrc
