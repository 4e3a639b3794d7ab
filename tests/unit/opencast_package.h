// SPDX-License-Identifier: LGPL-2.1-or-later
// Small media packages of Opencast for tests.
#pragma once

#include "core/import/opencast.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rostrum::test {

using Texts = std::map<std::string, std::string, std::less<>>;

inline constexpr const char* kPicture = "<video><resolution>640x360</resolution></video>";
inline constexpr const char* kSound = "<audio><channels>1</channels></audio>";

// A track of ten seconds.
inline std::string oc_track(const std::string& flavor, const std::string& url,
                            const std::string& streams) {
  return "<track id=\"id-" + url + "\" type=\"" + flavor + "\"><url>" + url +
         "</url><duration>10000</duration>" + streams + "</track>";
}

inline std::string oc_catalog(const std::string& flavor, const std::string& url) {
  return "<catalog type=\"" + flavor + "\"><url>" + url + "</url></catalog>";
}

inline std::string oc_package(const std::string& tracks, const std::string& catalogs = {}) {
  return "<?xml version=\"1.0\"?><mediapackage xmlns=\"http://mediapackage.opencastproject.org\" "
         "duration=\"10000\"><title>Lecture</title><creators><creator>Anna</creator></creators>"
         "<media>" +
         tracks + "</media><metadata>" + catalogs + "</metadata></mediapackage>";
}

inline std::string oc_cut(const std::string& from, const std::string& to) {
  return "<par><video clipBegin=\"" + from + "\" clipEnd=\"" + to + "\" src=\"x\"/></par>";
}

inline std::string oc_smil(const std::string& body) {
  return "<smil xmlns=\"http://www.w3.org/ns/SMIL\"><head/><body>" + body + "</body></smil>";
}

// The manifest must survive being written and read.
inline Imported import_package(const std::string& xml, const Texts& catalogs = {}) {
  auto imported = import_opencast(xml, catalogs);
  if (!imported) {
    for (const auto& problem : imported.error())
      ADD_FAILURE() << problem.pointer << ": " << problem.message;
    return {};
  }
  const auto text = write_manifest(imported->manifest);
  const auto again = parse_manifest(text);
  EXPECT_EQ(again ? write_manifest(*again) : again.error()[0].message, text);
  return std::move(*imported);
}

}  // namespace rostrum::test
