// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/terminal.h"

#include "core/utf8.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace rostrum {

namespace {

void say_lines(std::string_view text, const char* label, const char* color) {
  const bool paint = colored(STDERR_FILENO);
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    std::fprintf(stderr, "rostrum: %s%s%s%s\n", paint ? color : "", label, paint ? "\033[0m" : "",
                 printable(line).c_str());
  }
}

}  // namespace

bool colored(int descriptor) {
  const char* never = std::getenv("NO_COLOR");  // no-color.org: set and not empty
  return isatty(descriptor) && (!never || !*never);
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string clean;
  for (const auto c : code_points(text))
    append_utf8(clean, is_control(c) && !(keep_lines && c == U'\n') ? U'?' : c);
  return clean;
}

std::string printable_json(std::string_view json) {
  std::string clean;
  for (const auto c : code_points(json)) {
    char escaped[8];
    if (!is_control(c) || c == U'\n') {
      append_utf8(clean, c);
    } else {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      clean += escaped;
    }
  }
  return clean;
}

void say_error(std::string_view text) { say_lines(text, "error: ", "\033[1;31m"); }
void say_warning(std::string_view text) { say_lines(text, "warning: ", "\033[1;33m"); }

void say(std::string_view line) { std::fprintf(stderr, "%s\n", printable(line).c_str()); }

std::string size_text(double bytes) {
  char text[32];
  if (bytes >= 1e9)
    std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
  else if (bytes >= 1e6)
    std::snprintf(text, sizeof text, "%.1f MB", bytes / 1e6);
  else
    std::snprintf(text, sizeof text, "%.0f kB", bytes / 1e3);
  return text;
}

}  // namespace rostrum
