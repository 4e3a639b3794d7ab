// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/interrupt.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace rostrum {
namespace {

namespace fs = std::filesystem;

std::string file_of(const fs::path& folder, int number) {
  return (folder / std::to_string(number)).string();
}

// Two signals to a process that writes many files.
void abort_amid(const fs::path& folder, int files) {
  Interrupt::install();
  Interrupt::say_at_abort("this is how to go on");
  for (int i = 0; i < files; ++i) {
    std::ofstream{file_of(folder, i)} << i;
    Interrupt::remove_at_abort(i, file_of(folder, i));
  }
  Interrupt::remove_at_abort(1, "");  // has its name by now
  std::raise(SIGINT);
  std::raise(SIGTERM);
}

TEST(Interrupt, TheSecondRemovesWhatIsUnfinishedAndSaysHowToGoOn) {
  constexpr int kFiles = 1000;
  const auto folder = fs::temp_directory_path() / ("interrupt-" + std::to_string(getpid()));
  fs::create_directory(folder);
  EXPECT_EXIT(abort_amid(folder, kFiles), testing::ExitedWithCode(130), "^this is how to go on\n$");
  int left = 0;
  for (const auto& entry : fs::directory_iterator{folder}) {
    ++left;
    EXPECT_EQ(entry.path().filename(), "1");
  }
  EXPECT_EQ(left, 1);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace rostrum
