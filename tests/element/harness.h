// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "lib/gst_ptr.h"

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include <memory>

namespace rostrum::test {

struct Teardown {
  void operator()(GstHarness* h) const { gst_harness_teardown(h); }
};
using Harness = std::unique_ptr<GstHarness, Teardown>;

inline Harness parse(const char* launch) { return Harness{gst_harness_new_parse(launch)}; }

}  // namespace rostrum::test
