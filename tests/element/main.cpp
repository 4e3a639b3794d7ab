// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.h"

#include <gst/gst.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  gst_init(&argc, &argv);
  rostrum::register_elements(nullptr);
  const int failed = RUN_ALL_TESTS();
  gst_deinit();
  return failed;
}
