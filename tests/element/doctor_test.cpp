// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/doctor.h"

#include "engine/components.h"
#include "lib/gst_ptr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace rostrum;

namespace {

const DoctorItem* item(const DoctorReport& report, const std::string& name) {
  const auto found = std::find_if(report.items.begin(), report.items.end(),
                                  [&](const auto& i) { return i.name == name; });
  return found == report.items.end() ? nullptr : &*found;
}

// Takes an element out of the registry and puts it back.
class Without {
 public:
  explicit Without(const char* name)
      : feature_{gst_registry_lookup_feature(gst_registry_get(), name)} {
    gst_registry_remove_feature(gst_registry_get(), feature_);
  }
  ~Without() {
    gst_registry_add_feature(gst_registry_get(), feature_);
    gst_object_unref(feature_);
  }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;

 private:
  GstPluginFeature* feature_;
};

}  // namespace

TEST(Doctor, FindsWhatIsThere) {
  const auto report = examine(".");
  EXPECT_TRUE(report.ok()) << report.to_text(false);
  for (const char* name : {"compositor", "x264enc", "H.264", "AAC", "GStreamer", "disk", "memory",
                           "cores", "Latin", "Cyrillic", "plugin registry", "pdftocairo"}) {
    ASSERT_TRUE(item(report, name)) << name;
    EXPECT_FALSE(item(report, name)->detail.empty()) << name;
  }
  EXPECT_TRUE(item(report, "compositor")->cure.empty());
}

TEST(Doctor, NamesThePackageOfWhatIsMissing) {
  const Without without{"x264enc"};
  const auto report = examine(".");
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(item(report, "x264enc")->ok);
  EXPECT_EQ(item(report, "x264enc")->cure, "apt install gstreamer1.0-plugins-ugly");
  EXPECT_NE(report.to_text(false).find("MISSING  x264enc"), std::string::npos);
}

TEST(Doctor, WhatIsOptionalDoesNotFail) {
  const Without without{"flvdemux"};
  const auto report = examine(".");
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(item(report, "flvdemux")->cure, "apt install gstreamer1.0-plugins-good");
}

TEST(Doctor, SaysWhatProtects) {
  const auto report = examine(".");
  for (const char* name : {"openat2", "Landlock", "seccomp"}) {
    ASSERT_TRUE(item(report, name)) << name;
    EXPECT_EQ(item(report, name)->group, "protection");
    EXPECT_FALSE(item(report, name)->required);
  }
  setenv("ROSTRUM_SANDBOX", "off", 1);
  const auto off = examine(".");
  unsetenv("ROSTRUM_SANDBOX");
  ASSERT_TRUE(item(off, "sandbox"));
  EXPECT_FALSE(item(off, "sandbox")->ok);
}

TEST(Doctor, AFolderThatIsNotThereHasNoRoom) {
  EXPECT_FALSE(item(examine("/nonexistent/folder"), "disk")->ok);
}

TEST(Doctor, JsonHoldsEveryItem) {
  const auto report = examine(".");
  const auto json = nlohmann::json::parse(report.to_json());
  EXPECT_EQ(json.at("ok"), report.ok());
  ASSERT_EQ(json.at("items").size(), report.items.size());
  EXPECT_EQ(json.at("items")[0].at("name"), report.items[0].name);
  for (const char* key : {"group", "ok", "required", "detail", "cure"})
    EXPECT_TRUE(json.at("items")[0].contains(key)) << key;
}

TEST(Doctor, ColoursOnlyWhereAsked) {
  const auto report = examine(".");
  EXPECT_EQ(report.to_text(false).find('\033'), std::string::npos);
  EXPECT_NE(report.to_text(true).find('\033'), std::string::npos);
}

TEST(Components, EveryElementTheDoctorLooksForHasAPackage) {
  for (const auto& i : examine(".").items) {
    if (i.group != "elements" || i.name == "pdftocairo") continue;
    EXPECT_FALSE(package_of_element(i.name).empty()) << i.name;
  }
  EXPECT_EQ(package_of_caps("video/x-h264"), "gstreamer1.0-libav");
  EXPECT_EQ(package_of_caps("text/plain"), "");
}
