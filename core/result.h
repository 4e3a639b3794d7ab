// SPDX-License-Identifier: LGPL-2.1-or-later
// How the tool and the core say that something went wrong.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace rostrum {

// What kind of failure it is; the tool's exit code follows from it (see exit_code()).
enum class Kind {
  internal,
  usage,
  manifest,
  missing_component,
  media,
  verification,
  interrupted,
  encoder  // the video encoder failed; another one may not
};

struct Error {
  Kind kind = Kind::internal;
  std::string message;  // a sentence that names the thing, the place and the cure
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Kind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

// The process exit status for a failure of this kind: 1 internal, 2 usage, 3 invalid manifest,
// 4 a component is missing, 5 media unusable, 6 verification failed, 130 interrupted.
constexpr int exit_code(Kind kind) {
  constexpr int kCodes[] = {1, 2, 3, 4, 5, 6, 130, 1};
  return kCodes[static_cast<int>(kind)];
}

// A finding in a document that a user wrote: where (RFC 6901 JSON pointer, "" for the whole) and
// what.
struct Problem {
  std::string pointer;
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

}  // namespace rostrum
