// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.h"

static gboolean plugin_init(GstPlugin* plugin) { return rostrum::register_elements(plugin); }

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, rostrum,
                  "Webinar recordings, slide decks and clip lists as one film", plugin_init,
                  VERSION, "LGPL", PACKAGE, "https://rostrum.invalid/")
