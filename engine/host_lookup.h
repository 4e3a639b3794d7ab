// SPDX-License-Identifier: LGPL-2.1-or-later
// The addresses of a host, looked up on a thread of its own: that takes as long as the network
// likes, half a minute where it is down.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct HostAddress {
  std::vector<std::uint8_t> bytes;
  std::string text;
};

class HostLookup {
 public:
  // `done` is called from that thread, unless this has gone: it must not wait for whoever ends
  // this, or asks it.
  explicit HostLookup(const std::string& host, std::function<void()> done = {});
  // Nobody is called any more; the thread ends when it can.
  ~HostLookup();
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  // Any thread.  Nothing while it goes on; none where the name is not known now.
  std::optional<std::vector<HostAddress>> found() const { return found_until({}); }
  std::optional<std::vector<HostAddress>> found_until(
      std::chrono::steady_clock::time_point end) const;

 private:
  struct Shared;

  const std::shared_ptr<Shared> shared_;
};

}  // namespace rostrum
