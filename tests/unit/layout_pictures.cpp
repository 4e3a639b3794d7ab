// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes what layout_golden_test compares with: layout_pictures SOURCE_ROOT
#include "layout_cases.h"
#include "layout_picture.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

int main(int argc, char** argv) {
  using namespace rostrum;
  if (argc != 2) {
    std::fputs("usage: layout_pictures SOURCE_ROOT\n", stderr);
    return 2;
  }
  const std::filesystem::path root = argv[1];
  const auto folder = root / "docs" / "images" / "layouts";
  std::filesystem::create_directories(folder);
  bool fine = true;
  const auto write = [&](const std::filesystem::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
    file.close();
    fine = fine && file;
    std::printf("%s: %s, %zu bytes\n", path.c_str(), file ? "written" : "cannot be written",
                text.size());
  };
  for (const auto policy : test::pictured_policies())
    write(folder / (std::string{name_of(policy)} + ".svg"), test::policy_svg(policy));
  write(root / "tests" / "data" / "layouts.txt", test::golden_text());
  return fine ? 0 : 1;
}
