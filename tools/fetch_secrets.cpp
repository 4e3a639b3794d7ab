// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/fetch_secrets.h"

#include "engine/file.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace rostrum {

namespace {

constexpr std::size_t kMostBytes = 64 << 10;

struct Source {
  std::string name;  // for messages
  std::string text;
};

Result<Source> read_source(const std::string& path, const char* variable) {
  if (path.empty()) {
    const char* value = std::getenv(variable);
    return Source{variable, value ? value : ""};
  }
  const auto file = File::open_to_read(path);
  if (!file) return fail(Kind::usage, file.error().message);
  const auto bytes = file->read(0, kMostBytes + 1);
  if (bytes.size() > kMostBytes) return fail(Kind::usage, path + ": is larger than 64 KiB");
  return Source{path, {bytes.begin(), bytes.end()}};
}

// Lines without what Windows and editors add; empty ones and comments are left out.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

bool printable_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

bool is_header(const std::string& line) {
  const auto colon = line.find(':');
  constexpr std::string_view kNotInNames = " \"(),/;<=>?@[\\]{}";  // RFC 9110, section 5.6.2
  return colon != line.npos && colon > 0 && printable_ascii(line) &&
         line.substr(0, colon).find_first_of(kNotInNames) == line.npos;
}

}  // namespace

Result<Secrets> read_secrets(const std::string& cookie_file, const std::string& header_file) {
  const auto cookie = read_source(cookie_file, "ROSTRUM_COOKIE");
  if (!cookie) return tl::unexpected(cookie.error());
  const auto header = read_source(header_file, "ROSTRUM_HEADER");
  if (!header) return tl::unexpected(header.error());
  Secrets secrets;
  for (const auto& line : lines_of(cookie->text)) {
    if (line.find('=') == line.npos || !printable_ascii(line))
      return fail(Kind::usage, cookie->name + ": expected NAME=VALUE, several with \"; \" between");
    secrets.cookie += (secrets.cookie.empty() ? "" : "; ") + line;
  }
  secrets.headers = lines_of(header->text);
  if (!std::all_of(secrets.headers.begin(), secrets.headers.end(), is_header))
    return fail(Kind::usage, header->name + ": expected lines like NAME: VALUE");
  return secrets;
}

}  // namespace rostrum
