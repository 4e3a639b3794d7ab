// SPDX-License-Identifier: LGPL-2.1-or-later
// Every arrangement of tests/data/layouts.txt, and the pictures of docs/layouts.md.  What changes
// them on purpose is written by `./dev layout-pictures`, and looked at.
#include "core/manifest_names.h"
#include "layout_cases.h"
#include "layout_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace rostrum::test {
namespace {

constexpr char kCure[] = "if that is meant: ./dev layout-pictures, and look at what it changes";

std::string read(const std::string& path) {
  std::ifstream file{std::string{ROSTRUM_SOURCE_ROOT "/"} + path, std::ios::binary};
  EXPECT_TRUE(file) << path << " cannot be read";
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Layouts, AreWhereTheGoldenFileHasThem) {
  const auto golden = lines_of(read("tests/data/layouts.txt"));
  const auto found = lines_of(golden_text());
  const auto [a, b] = std::mismatch(golden.begin(), golden.end(), found.begin(), found.end());
  if (a == golden.end() && b == found.end()) return;
  ADD_FAILURE() << "tests/data/layouts.txt:" << a - golden.begin() + 1 << ":\n  expected "
                << (a == golden.end() ? "nothing more" : *a) << "\n  found    "
                << (b == found.end() ? "nothing more" : *b) << "\n"
                << kCure;
}

TEST(Layouts, ArePicturedAsTheyAre) {
  for (const auto policy : pictured_policies()) {
    const auto path = std::string{"docs/images/layouts/"} + name_of(policy) + ".svg";
    EXPECT_TRUE(read(path) == policy_svg(policy)) << path << " is another picture; " << kCure;
  }
}

TEST(Layouts, AreAllPictured) {
  const auto pictured = pictured_policies();
  for (const auto& named : kPolicies)
    EXPECT_TRUE(std::find(pictured.begin(), pictured.end(), named.value) != pictured.end())
        << named.name;
}

}  // namespace
}  // namespace rostrum::test
