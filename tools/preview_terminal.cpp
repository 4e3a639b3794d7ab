// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/preview_terminal.h"

#include "engine/interrupt.h"
#include "tools/terminal.h"

#include <unistd.h>

#include <cstdio>

namespace rostrum {

PreviewTerminal::PreviewTerminal(bool keys) {
  if (!keys || !isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before_) != 0) return;
  Interrupt::restore_at_abort(before_);
  auto raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
  keys_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

PreviewTerminal::~PreviewTerminal() {
  clear();
  if (keys_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

std::string PreviewTerminal::read() {
  char bytes[64];
  const auto count = ::read(STDIN_FILENO, bytes, sizeof bytes);
  return count > 0 ? std::string(bytes, static_cast<std::size_t>(count)) : std::string{};
}

void PreviewTerminal::show(const std::string& line) {
  if (!isatty(STDERR_FILENO)) return;
  std::fprintf(stderr, "\r%s\033[K", printable(line).c_str());
  std::fflush(stderr);
  shown_ = true;
}

void PreviewTerminal::clear() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

}  // namespace rostrum
