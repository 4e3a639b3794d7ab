// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/decoder_failure.h"

#include <filesystem>

namespace rostrum {

std::string sentence(const char* text) {
  std::string s = text ? text : "";
  while (!s.empty() && (s.back() == '.' || s.back() == '\n')) s.pop_back();
  return s;
}

std::optional<DecoderFailure> cannot_open(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return DecoderFailure{"missing", "there is no such file"};
  if (!fs::is_regular_file(status)) return DecoderFailure{"missing", "this is not a regular file"};
  if (fs::file_size(path, error) == 0) return DecoderFailure{"damaged", "the file is empty"};
  return {};
}

}  // namespace rostrum
