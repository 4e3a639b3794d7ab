// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of elements that may open media, held against those that are installed.
#include "core/media_elements.h"
#include "lib/gst_ptr.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

using namespace rostrum;

namespace {

template <typename Look>
void for_each_factory(Look look) {
  auto* all = gst_registry_get_feature_list(gst_registry_get(), GST_TYPE_ELEMENT_FACTORY);
  for (auto* node = all; node; node = node->next) look(GST_ELEMENT_FACTORY(node->data));
  gst_plugin_feature_list_free(all);
}

std::string name_of(GstElementFactory* factory) { return GST_OBJECT_NAME(factory); }

}  // namespace

TEST(MediaElements, NoneOfThemOpensAnythingByItself) {
  int allowed = 0;
  for_each_factory([&](GstElementFactory* factory) {
    if (!may_open_media(name_of(factory))) return;
    ++allowed;
    const std::string klass = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
    for (const char* word : {"Adaptive", "Network", "Hardware", "Source", "Generic"})
      EXPECT_EQ(klass.find(word), klass.npos) << name_of(factory) << ": " << klass;
    EXPECT_EQ(gst_element_factory_get_uri_type(factory), GST_URI_UNKNOWN) << name_of(factory);
    EXPECT_GT(gst_element_factory_get_num_pad_templates(factory), 1U) << name_of(factory);
  });
  EXPECT_GT(allowed, 50);
}

TEST(MediaElements, WhatRecordingsAreMadeOfIsOnTheList) {
  for (const char* name :
       {"qtdemux", "matroskademux", "oggdemux", "tsdemux", "flvdemux", "avidemux", "wavparse",
        "h264parse", "aacparse", "opusparse", "avdec_h264", "vp8dec", "vp9dec", "av1dec", "opusdec",
        "vorbisdec", "flacdec", "jpegdec"})
    EXPECT_TRUE(may_open_media(name)) << name;
}

TEST(MediaElements, WhatFollowsReferencesIsNot) {
  for (const char* name : {"hlsdemux",
                           "hlsdemux2",
                           "dashdemux",
                           "dashdemux2",
                           "mssdemux",
                           "mssdemux2",
                           "sdpdemux",
                           "splitmuxsrc",
                           "uridecodebin",
                           "uridecodebin3",
                           "playbin",
                           "parsebin",
                           "rtspsrc",
                           "filesrc",
                           "avdemux_hls",
                           "avdemux_applehttp",
                           "avdemux_concat",
                           "rsvgdec",
                           "gdkpixbufdec",
                           "fluiddec",
                           "wildmididec",
                           "gmedec",
                           "siddec",
                           "nvh264dec",
                           "vah264dec",
                           "jobsrc",
                           ""})
    EXPECT_FALSE(may_open_media(name)) << name;
}
