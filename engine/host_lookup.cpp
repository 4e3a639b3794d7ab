// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/host_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace rostrum {

namespace {

HostAddress read_address(const sockaddr& address) {
  const bool v4 = address.sa_family == AF_INET;
  const auto* bytes = v4 ? reinterpret_cast<const std::uint8_t*>(
                               &reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                         : reinterpret_cast<const std::uint8_t*>(
                               &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return {{bytes, bytes + (v4 ? sizeof(in_addr) : sizeof(in6_addr))}, text.data()};
}

std::vector<HostAddress> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &raw) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found{raw, freeaddrinfo};
  std::vector<HostAddress> all;
  for (const auto* one = found.get(); one; one = one->ai_next)
    if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
      all.push_back(read_address(*one->ai_addr));
  return all;
}

}  // namespace

// What the thread uses, which may outlive the lookup.
struct HostLookup::Shared {
  // Held while `done` is called, so that it is not once the lookup has gone.
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> done;
  std::optional<std::vector<HostAddress>> found;
};

HostLookup::HostLookup(const std::string& host, std::function<void()> done)
    : shared_{std::make_shared<Shared>()} {
  shared_->done = std::move(done);
  std::thread{[host, shared = shared_] {
    auto all = addresses_of(host);
    const std::lock_guard lock{shared->mutex};
    shared->found = std::move(all);
    shared->changed.notify_all();
    if (shared->done) shared->done();
  }}.detach();
}

HostLookup::~HostLookup() {
  const std::lock_guard lock{shared_->mutex};
  shared_->done = nullptr;
}

std::optional<std::vector<HostAddress>> HostLookup::found_until(
    std::chrono::steady_clock::time_point end) const {
  std::unique_lock lock{shared_->mutex};
  shared_->changed.wait_until(lock, end, [this] { return shared_->found.has_value(); });
  return shared_->found;
}

}  // namespace rostrum
